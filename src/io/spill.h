/* spill.h - bytes that wait on disk instead of in memory: a temporary file without a name, gone
 * with the process. */
#ifndef IO_SPILL_H
#define IO_SPILL_H
#include "base/blob.h"

struct spill;
/* Opens the file in TMPDIR, else /var/tmp, else /tmp; ERROR_INTERNAL where none takes one. */
struct spill *spill_new(struct error *err) MUST_CHECK;
void spill_free(struct spill *spill); /* NULL is harmless */

struct spill_slot {
    int64_t at;
    size_t size; /* of the bytes */
};

/* Room for so many bytes; given back with spill_release. On one thread, the loop's. */
struct spill_slot spill_reserve(struct spill *spill, size_t size);
void spill_release(struct spill *spill, struct spill_slot place);

/* Both on any thread. spill_write frees *blob where it succeeds; the disk may be full
 * (ERROR_INTERNAL, *blob as it was). spill_read gives the bytes in a blob of their own. */
bool spill_write(struct spill *spill, struct blob *blob, struct spill_slot place,
                 struct error *err) MUST_CHECK;
bool spill_read(struct spill *spill, struct spill_slot place, struct blob *out,
                struct error *err) MUST_CHECK;
#endif
