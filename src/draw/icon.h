/* icon.h - simple line icons, found by words. */
#ifndef DRAW_ICON_H
#define DRAW_ICON_H
#include "draw/canvas.h"

struct icon;

/* The icon whose words occur first in any of the texts, in this order: the feature's own icon
 * name, its title, its description. Never NULL: there is one for everything else. */
const struct icon *icon_find(const char *name, const char *title, const char *description);
const struct icon *icon_named(const char *name); /* "check", "cross"; NULL: none is so named */
const char *icon_name(const struct icon *icon);

void icon_draw(struct canvas *canvas, const struct icon *icon, struct box box,
               struct colour colour);
/* On a disc around the middle of the box. */
void icon_badge(struct canvas *canvas, const struct icon *icon, struct box box, struct colour disc,
                struct colour ink);
#endif
