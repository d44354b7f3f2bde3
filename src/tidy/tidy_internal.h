/* tidy_internal.h - what the files of src/tidy share. */
#ifndef TIDY_TIDY_INTERNAL_H
#define TIDY_TIDY_INTERNAL_H
#include "tidy/tidy.h"

bool tidy_count_objects(struct tidy *tidy, struct tidy_result *out, struct error *err) MUST_CHECK;
bool tidy_remove_objects(struct tidy *tidy, struct tidy_result *out, struct error *err) MUST_CHECK;

/* Counts, and with `remove` removes, answers in the spool that are older than `days` and whose job
 * has ended or is unknown. */
bool tidy_spool(struct tidy *tidy, int64_t days, bool remove, struct tidy_result *out,
                struct error *err) MUST_CHECK;

/* Object sizes of one folder of the store. */
struct folder_sizes {
    char *folder; /* NULL: nothing is loaded */
    cJSON *sizes; /* name to bytes */
};

/* Returns the size of an object, or -1 in *bytes if the store does not have it. Loads the listing
 * of the object's folder unless it is loaded. */
bool folder_sizes_find(struct folder_sizes *sizes, struct store_client *client, const char *path,
                       int64_t *bytes, struct error *err) MUST_CHECK;
void folder_sizes_free(struct folder_sizes *sizes);
#endif
