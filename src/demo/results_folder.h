/* results_folder.h - the folder that a demo leaves its results in: a new one, an empty one, or that
 * of an earlier demo. Whatever else is in it is not touched: a list of its files says what is the
 * demo's.
 */
#ifndef DEMO_RESULTS_FOLDER_H
#define DEMO_RESULTS_FOLDER_H
#include "base/text.h"
#include "io/file.h"

struct results_folder {
    char path[4000];
    bool made;         /* by results_folder_open: an empty one is taken away again */
    struct text names; /* of the files put, one a line */
};

/* ERROR_INPUT for a folder that holds what is not from a demo. Makes it if it is not there. */
bool results_folder_open(struct results_folder *out, const char *path,
                         struct error *err) MUST_CHECK;
/* Takes away what the earlier demo left, so that nothing old is among the new. */
bool results_folder_clear(struct results_folder *results_folder, struct error *err) MUST_CHECK;
/* `name` is that of a file, without a folder. */
bool results_folder_put(struct results_folder *results_folder, const char *name, const void *data,
                        size_t size, struct error *err) MUST_CHECK;
void results_folder_close(struct results_folder *results_folder);
#endif
