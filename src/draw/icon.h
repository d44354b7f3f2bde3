/* icon.h - simple line icons, selected by words. */
#ifndef DRAW_ICON_H
#define DRAW_ICON_H
#include "draw/canvas.h"

struct icon;

/* Returns the icon whose words occur first in the feature's own icon name, its title or its
 * description, in this order. Never returns NULL: there is a default icon. */
const struct icon *icon_find(const char *name, const char *title, const char *description);
/* Returns NULL for an unknown name. */
const struct icon *icon_named(const char *name);
const char *icon_name(const struct icon *icon);

/* Draws the icon on a disc in the centre of the box. */
void icon_badge(struct canvas *canvas, const struct icon *icon, struct box box, struct colour disc,
                struct colour ink);
#endif
