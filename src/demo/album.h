/* album.h - what a demo made, to be looked at: a page and a sheet, out of its record.
 *
 * Whatever the record says may come from a seller or a model: in the page everything is escaped. */
#ifndef DEMO_ALBUM_H
#define DEMO_ALBUM_H
#include <cjson/cJSON.h>

#include "base/blob.h"
#include "base/text.h"

/* One HTML page that needs nothing but the images beside it. `out` is begun by the caller. */
bool album_page(const cJSON *record, struct text *out, struct error *err) MUST_CHECK;

/* A PNG with all images of `folder`, their names, sizes and check results. */
bool album_contact_sheet(const cJSON *record, const char *folder, struct blob *out,
                         struct error *err) MUST_CHECK;
#endif
