/* font.h - the embedded fonts, and the system's for other scripts. */
#ifndef DRAW_FONT_H
#define DRAW_FONT_H
#include <fontconfig/fontconfig.h>

#include "base/error.h"

#define FONT_TEXT "Inter"
#define FONT_DISPLAY "Inter Display"

/* Returns the process's own list of fonts, created at the first call from any thread and
 * constant afterwards. Returns NULL if memory runs out. */
FcConfig *font_config(void);
#endif
