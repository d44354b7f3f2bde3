/* album.h - renders the results of a demo as an HTML page and as a contact sheet.
 *
 * Both are made from the demo's record (demo/record.h). Its texts come from sellers and models, so
 * the page escapes all of them. */
#ifndef DEMO_ALBUM_H
#define DEMO_ALBUM_H
#include <cjson/cJSON.h>

#include "base/blob.h"
#include "base/text.h"

/* Writes one HTML page that loads nothing but the images in its folder. The caller calls text_begin
 * on `out`. */
bool album_page(const cJSON *record, struct text *out, struct error *err) MUST_CHECK;

/* Draws a PNG with the images of the record, read from `folder`, with their names, sizes and check
 * results. Fails if a file is missing. The caller frees *out. */
bool album_contact_sheet(const cJSON *record, const char *folder, struct blob *out,
                         struct error *err) MUST_CHECK;
#endif
