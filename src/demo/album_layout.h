/* album_layout.h - what stands on a contact sheet, and where: rows of images of one height each. */
#ifndef DEMO_ALBUM_LAYOUT_H
#define DEMO_ALBUM_LAYOUT_H
#include "base/error.h"
#include "draw/canvas.h"
#include "image/checks/check_results.h"

enum { SHEET_WIDTH = 2000, SHEET_EDGE = 56, SHEET_HEAD = 176, SHEET_FOOT = 92, SHEET_HEADING = 52 };
enum { CARD_PAD = 22, CARD_TITLE = 44, CARD_FACT = 34, CARD_GAP = 14, CARD_LINE = 31 };

struct card {
    const cJSON *row; /* of images; of jobs where no image came */
    bool failed;
    double ratio; /* width to height */
    struct check_result lines[CHECK_RESULTS_MAX];
    int line_count;
    struct box at;  /* the image */
    double caption; /* height below it */
};

struct layout {
    struct card *cards;
    int count, height;
    double heading; /* where "A+ module images" stands; 0: there are none */
};

bool layout_make(const cJSON *record, struct layout *out, struct error *err) MUST_CHECK;
void layout_free(struct layout *layout);

bool layout_is_module(const cJSON *row);     /* an image of an A+ module: no checks shown */
int layout_columns(const struct card *card); /* of its check results */
#endif
