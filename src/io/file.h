/* file.h - small files, whole or not at all. Blocking: on the pool, or in one-shot commands. */
#ifndef IO_FILE_H
#define IO_FILE_H
#include "base/blob.h"

/* Writes to a temporary name in the same folder, then renames. Makes missing folders. */
bool file_write(const char *path, const void *data, size_t size, struct error *err) MUST_CHECK;
/* The same, from two pieces. */
bool file_write_two(const char *path, const struct blob *head, const struct blob *content,
                    struct error *err) MUST_CHECK;

/* Reads at most limit bytes (more: ERROR_INPUT). A missing file is ERROR_INPUT too, or, where
 * `missing` is given, success with *missing set. */
bool file_read(const char *path, size_t limit, struct blob *out, bool *missing,
               struct error *err) MUST_CHECK;
bool file_remove(const char *path, struct error *err) MUST_CHECK;   /* missing: success */
bool folder_make(const char *path, struct error *err) MUST_CHECK;   /* with parents */
bool folder_remove(const char *path, struct error *err) MUST_CHECK; /* with all that is in it */
#endif
