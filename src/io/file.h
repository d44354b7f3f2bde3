/* file.h - small files, whole or not at all. Blocking: on the pool, or in one-shot commands. */
#ifndef IO_FILE_H
#define IO_FILE_H
#include "base/blob.h"

/* The file is there whole, or as it was before. A process that dies leaves nothing of it where the
 * file system has files without a name (O_TMPFILE), else perhaps PATH.XXXXXX. Makes missing
 * folders. */
bool file_write(const char *path, const void *data, size_t size, struct error *err) MUST_CHECK;
/* The same, from two pieces. */
bool file_write_two(const char *path, const struct blob *head, const struct blob *content,
                    struct error *err) MUST_CHECK;

/* Reads at most limit bytes (more: ERROR_INPUT). A missing file is ERROR_INPUT too, or, where
 * `missing` is given, success with *missing set. */
bool file_read(const char *path, size_t limit, struct blob *out, bool *missing,
               struct error *err) MUST_CHECK;

/* Writes a piece at its offset and cuts what stood behind it: said again it is the same. A missing
 * file is made. Not atomic: for what can be made again. */
bool file_write_at(const char *path, int64_t offset, const struct blob *content,
                   struct error *err) MUST_CHECK;

struct file_line {
    int64_t next;  /* where the next line begins; the offset itself: there was nothing any more */
    bool whole;    /* it ended with a line feed */
    bool too_long; /* longer than the limit, and passed over */
    bool missing;  /* there is no such file: no error */
};
/* The line that begins at offset, without its line feed; *out is the caller's. */
bool file_read_line(const char *path, int64_t offset, size_t limit, struct blob *out,
                    struct file_line *line, struct error *err) MUST_CHECK;
bool file_remove(const char *path, struct error *err) MUST_CHECK;   /* missing: success */
bool folder_make(const char *path, struct error *err) MUST_CHECK;   /* with parents */
bool folder_remove(const char *path, struct error *err) MUST_CHECK; /* with all that is in it */
#endif
