/* album_layout.h - the layout of a contact sheet: rows of images, with one height per row. All
 * sizes and positions are in pixels. */
#ifndef DEMO_ALBUM_LAYOUT_H
#define DEMO_ALBUM_LAYOUT_H
#include "base/error.h"
#include "draw/canvas.h"
#include "image/checks/check_results.h"

enum { SHEET_WIDTH = 2000, SHEET_EDGE = 56, SHEET_HEAD = 176, SHEET_FOOT = 92, SHEET_HEADING = 52 };
enum { CARD_PAD = 22, CARD_TITLE = 44, CARD_FACT = 34, CARD_GAP = 14, CARD_LINE = 31 };

struct card {
    const cJSON *row; /* from "images" of the record; a failed job's from "jobs" */
    bool failed;
    double ratio; /* width divided by height; 1 for a failed job */
    struct check_result lines[CHECK_RESULTS_MAX];
    int line_count;
    struct box at;  /* position of the image */
    double caption; /* height of the caption below it */
};

struct layout {
    struct card *cards;
    int count, height;
    double heading; /* y of the heading "A+ module images"; 0 if no module has an image */
};

/* Lays out at most 48 images and failed image jobs; further ones are left out. The layout points
 * into the record. The caller calls layout_free, also after a failure. */
bool layout_make(const cJSON *record, struct layout *out, struct error *err) MUST_CHECK;
void layout_free(struct layout *layout);

/* Returns the number of columns of check results that fit below the image: at least 1. */
int layout_columns(const struct card *card);
#endif
