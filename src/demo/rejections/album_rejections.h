/* album_rejections.h - the rejected answers of a job, as HTML. */
#ifndef DEMO_REJECTIONS_ALBUM_REJECTIONS_H
#define DEMO_REJECTIONS_ALBUM_REJECTIONS_H
#include <cjson/cJSON.h>

#include "base/text.h"

/* Adds the answers that were rejected before the job ended, each with its picture; nothing if none
 * was. They are collapsed unless `open`. */
void album_rejections(const cJSON *job, bool open, struct text *out);
#endif
