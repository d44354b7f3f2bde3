/* sheet.h - contact sheets: images on cards with text below, as one PNG. */
#ifndef DRAW_SHEET_H
#define DRAW_SHEET_H
#include "draw/lettering.h"

enum sheet_face { /* text styles, large to small */
                  FACE_NAME,
                  FACE_TITLE,
                  FACE_PILL,
                  FACE_HEAD,
                  FACE_STRONG,
                  FACE_FACT,
                  FACE_VALUE,
                  FACE_CHECK,
                  FACE_SMALL
};

struct sheet {
    struct canvas canvas;
    struct colour ink, dim, ground, good, bad, line;
};

enum { SHEET_CORNER = 14 }; /* corner radius of cards, in pixels */

/* Creates a sheet without cards; freed with sheet_close. */
bool sheet_open(int width, int height, struct sheet *out, struct error *err) MUST_CHECK;
void sheet_close(struct sheet *sheet);

/* Draws one line of text, cut with an ellipsis if it is too long. */
void sheet_line(struct sheet *sheet, const char *text, struct box box, enum sheet_face face,
                struct colour colour, enum align align);
/* Draws text in the centre of the box, in a smaller size if necessary. */
void sheet_message(struct sheet *sheet, const char *text, struct box box, struct colour colour);
/* Draws a round tick or cross. */
void sheet_mark(struct sheet *sheet, bool good, double x, double y, double size);
void sheet_pill(struct sheet *sheet, const char *text, bool good, struct box box);

void sheet_card(struct sheet *sheet, struct box box);    /* white */
void sheet_outline(struct sheet *sheet, struct box box); /* drawn last, over the card's contents */
void sheet_rule(struct sheet *sheet, double x, double y, double width); /* a thin horizontal line */
/* Draws an image file scaled to fill `at`, clipped by the rounded corners of `card`. */
bool sheet_picture(struct sheet *sheet, const struct blob *file, struct box at, struct box card,
                   struct error *err) MUST_CHECK;

bool sheet_png(const struct sheet *sheet, struct blob *out, struct error *err) MUST_CHECK;
#endif
