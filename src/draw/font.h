/* font.h - the fonts that come with the program, and the system's for other scripts. */
#ifndef DRAW_FONT_H
#define DRAW_FONT_H
#include <fontconfig/fontconfig.h>

#include "base/error.h"

#define FONT_TEXT "Inter"
#define FONT_DISPLAY "Inter Display"

/* The process's own list of fonts; made at the first call, from any thread; never changes after.
 * NULL where there is no memory. */
FcConfig *font_config(void);
#endif
