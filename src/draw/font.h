/* font.h - the embedded fonts, and the system's for other scripts. */
#ifndef DRAW_FONT_H
#define DRAW_FONT_H
#include <fontconfig/fontconfig.h>

#include "base/error.h"

#define FONT_TEXT "Inter"
#define FONT_DISPLAY "Inter Display"
/* Families for scripts that Inter lacks, in the form of a font description's list. */
#define FONT_SCRIPTS "Noto Sans Arabic,Noto Sans Hebrew,Noto Sans Thai"

/* Returns the process's own list of fonts, created at the first call from any thread and
 * constant afterwards. Returns NULL if memory runs out. */
FcConfig *font_config(void);

/* Adds a font file, which is copied. Call it before text is drawn. Returns false if it is no font.
 */
bool font_add(const void *data, size_t size);

/* Returns whether a font of this family exists, of the operator, the system or the program. */
bool font_has_family(const char *family);
#endif
