/* file.h - small files, written atomically. Blocking: call these on the pool or in commands. */
#ifndef IO_FILE_H
#define IO_FILE_H
#include "base/blob.h"

/* Replaces the file atomically, and creates missing folders. If the process dies meanwhile, no
 * partial file is left, or at most PATH.XXXXXX on file systems without O_TMPFILE. */
bool file_write(const char *path, const void *data, size_t size, struct error *err) MUST_CHECK;
/* Writes `head`, then `content`. The file gets mode 0600 if owner_only, else 0666 less the umask.
 */
bool file_write_two(const char *path, const struct blob *head, const struct blob *content,
                    bool owner_only, struct error *err) MUST_CHECK;

/* Reads a file of at most `limit` bytes; a larger one is ERROR_INPUT. If the file does not exist,
 * sets *missing and succeeds; without `missing` that is ERROR_INPUT. The caller frees *out. */
bool file_read(const char *path, size_t limit, struct blob *out, bool *missing,
               struct error *err) MUST_CHECK;

/* Writes at an offset and truncates the file after it, so repeating it has no effect. Creates the
 * file if needed. Not atomic: for files that can be produced again. */
bool file_write_at(const char *path, int64_t offset, const struct blob *content,
                   struct error *err) MUST_CHECK;

struct file_line {
    int64_t next;  /* offset of the next line; equal to `offset` at the end of the file */
    bool whole;    /* the line ends with a line feed */
    bool too_long; /* longer than the limit, and skipped */
    bool missing;  /* the file does not exist; not an error */
};
/* Reads the line that begins at offset, without its line feed. The caller frees *out. */
bool file_read_line(const char *path, int64_t offset, size_t limit, struct blob *out,
                    struct file_line *line, struct error *err) MUST_CHECK;
bool file_remove(const char *path,
                 struct error *err) MUST_CHECK; /* a missing file is not an error */
bool folder_make(const char *path, struct error *err) MUST_CHECK;   /* and its parents */
bool folder_remove(const char *path, struct error *err) MUST_CHECK; /* and its contents */
#endif
