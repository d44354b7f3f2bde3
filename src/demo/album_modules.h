/* album_modules.h - A+ modules as a listing page shows them. */
#ifndef DEMO_ALBUM_MODULES_H
#define DEMO_ALBUM_MODULES_H
#include <cjson/cJSON.h>

#include "base/text.h"

void album_modules(const cJSON *record, struct text *out);
#endif
