/* export_name.h - identifiers and file names of an export. */
#ifndef EXPORT_EXPORT_NAME_H
#define EXPORT_EXPORT_NAME_H
#include "export/export.h"

/* Copies an ASIN in upper case: ten characters, "B0" and eight letters or digits, or an ISBN-10
 * with its check digit. ERROR_INPUT otherwise. */
bool export_asin(const char *text, char out[11], struct error *err) MUST_CHECK;
/* Copies a SKU; characters that a file name must not have become '-'. ERROR_INPUT if it has no
 * letter and no digit. */
bool export_sku(const char *text, char out[EXPORT_ID], struct error *err) MUST_CHECK;
/* Makes an identifier of a product's name: lower-case letters, digits and '-'. Empty if it has no
 * ASCII letter or digit. */
void export_slug(const char *text, char out[EXPORT_ID]);
/* "^[a-z]{2,3}-[A-Z]{2}$", as Amazon's API takes it. */
bool export_locale(const char *text, struct error *err) MUST_CHECK;

/* Fills a pattern of exports.json for the i-th image (0: the main image) and appends ".jpg". */
void export_file_name(const char *pattern, const char *id, int i, char out[EXPORT_NAME]);
/* True if the name has only letters, digits, '-', '_' and '.', and at most this many. */
bool export_name_is_safe(const char *name, int most);
#endif
