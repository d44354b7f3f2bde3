/* album_modules.h - writes the A+ modules of a demo as HTML, similar to a listing page. */
#ifndef DEMO_ALBUM_MODULES_H
#define DEMO_ALBUM_MODULES_H
#include <cjson/cJSON.h>

#include "base/text.h"

/* Writes nothing if the record has no A+ content. */
void album_modules(const cJSON *record, struct text *out);
#endif
