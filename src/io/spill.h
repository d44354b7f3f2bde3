/* spill.h - keeps bytes on disk instead of in memory, in an unnamed temporary file that disappears
 * with the process. */
#ifndef IO_SPILL_H
#define IO_SPILL_H
#include "base/blob.h"

struct spill;
/* Creates the file in TMPDIR, else /var/tmp, else /tmp. Fails with ERROR_INTERNAL. */
struct spill *spill_new(struct error *err) MUST_CHECK;
void spill_free(struct spill *spill); /* NULL is harmless */

struct spill_slot {
    int64_t at;
    size_t size; /* of the bytes */
};

/* Reserves space for `size` bytes, until spill_release. Both only on the loop's thread. */
struct spill_slot spill_reserve(struct spill *spill, size_t size);
void spill_release(struct spill *spill, struct spill_slot slot);

/* On any thread. spill_write frees *blob if it succeeds; if the disk is full it fails with
 * ERROR_INTERNAL and leaves *blob unchanged. The caller of spill_read frees *out. */
bool spill_write(struct spill *spill, struct blob *blob, struct spill_slot slot,
                 struct error *err) MUST_CHECK;
bool spill_read(struct spill *spill, struct spill_slot slot, struct blob *out,
                struct error *err) MUST_CHECK;
#endif
