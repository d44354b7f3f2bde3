/* export_check.h - checks a file of an export against the rules of its marketplace, on the bytes
 * that the ZIP contains. */
#ifndef EXPORT_EXPORT_CHECK_H
#define EXPORT_EXPORT_CHECK_H
#include "export/export.h"

/* Fills findings, size, bytes and sha256 of the file. Returns true if every rule holds; otherwise
 * file->problem names the first that does not. */
bool export_check(const struct export_pack *pack, const struct blob *content,
                  struct export_file *file);

/* Returns the limits of a check that rules.json names for this marketplace and image type; NULL if
 * it names none. */
const double *export_limits(const struct export_pack *pack, enum image_kind kind,
                            const char *check);
#endif
