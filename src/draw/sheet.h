/* sheet.h - contact sheets: pictures on cards with a few words below, as one PNG. */
#ifndef DRAW_SHEET_H
#define DRAW_SHEET_H
#include "draw/lettering.h"

enum sheet_face { /* sizes and weights, large to small */
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

enum { SHEET_CORNER = 14 }; /* of cards, in pixels */

/* A ground without cards; freed with sheet_close. */
bool sheet_open(int width, int height, struct sheet *out, struct error *err) MUST_CHECK;
void sheet_close(struct sheet *sheet);

/* One line, cut with an ellipsis where it is too long. */
void sheet_say(struct sheet *sheet, const char *text, struct box box, enum sheet_face face,
               struct colour colour, enum align align);
/* Words in the middle of the box, smaller where they have to be. */
void sheet_tell(struct sheet *sheet, const char *text, struct box box, struct colour colour);
/* A round tick or cross. */
void sheet_mark(struct sheet *sheet, bool good, double x, double y, double size);
void sheet_pill(struct sheet *sheet, const char *text, bool good, struct box box);

void sheet_card(struct sheet *sheet, struct box box);    /* white */
void sheet_outline(struct sheet *sheet, struct box box); /* drawn last: over what is on the card */
void sheet_rule(struct sheet *sheet, double x, double y, double width); /* a thin line across */
/* The picture of a file, scaled once to fill `at`; the corners of `card` cut it. */
bool sheet_picture(struct sheet *sheet, const struct blob *file, struct box at, struct box card,
                   struct error *err) MUST_CHECK;

bool sheet_png(const struct sheet *sheet, struct blob *out, struct error *err) MUST_CHECK;
#endif
