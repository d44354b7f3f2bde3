/* results_folder.h - the folder for the results of a demo: a new one, an empty one, or that of an
 * earlier demo. The file .darkroom-demo lists the files that the demo wrote; other files are never
 * changed or removed. */
#ifndef DEMO_RESULTS_FOLDER_H
#define DEMO_RESULTS_FOLDER_H
#include "base/text.h"
#include "io/file.h"

struct results_folder {
    char path[4000];
    bool created;      /* by results_folder_open; if so, close removes it if it is empty */
    struct text names; /* names of the files written, one per line */
};

/* Fails as results_folder_open does if the folder contains files but no list of a demo. Changes
 * nothing. */
bool results_folder_check(const char *path, struct error *err) MUST_CHECK;
/* Creates the folder if it does not exist. Fails with ERROR_INPUT if it contains files but no list
 * of a demo, or cannot be written to. The caller calls results_folder_close, also after a failure.
 */
bool results_folder_open(struct results_folder *out, const char *path,
                         struct error *err) MUST_CHECK;
/* Removes the files of an earlier demo. */
bool results_folder_clear(struct results_folder *results_folder, struct error *err) MUST_CHECK;
/* Writes a file. `name` must not contain a slash or a newline. */
bool results_folder_put(struct results_folder *results_folder, const char *name, const void *data,
                        size_t size, struct error *err) MUST_CHECK;
/* Lists a file that another function will write, and returns its path in `path`. */
bool results_folder_add(struct results_folder *results_folder, const char *name, char *path,
                        size_t size, struct error *err) MUST_CHECK;
/* Frees the names, and removes the folder if it was created but nothing was written. */
void results_folder_close(struct results_folder *results_folder);
#endif
