/* workload.h - what the requests of a run contain: prompts, and the photo that edits start from. */
#ifndef BENCH_LOAD_WORKLOAD_H
#define BENCH_LOAD_WORKLOAD_H
#include "base/arena.h"
#include "providers/provider.h"

enum { PROMPTS_MAX = 10000 };

struct packs;

struct workload {
    const char **prompts; /* in an arena */
    int prompt_count;
    struct request_photo photo; /* its bytes belong to the workload */
    const struct packs *packs;  /* the prompts stand for images of packs; NULL: they are prompts */
};

/* Reads one prompt per line; skips blank lines and lines that begin with #. Fails with ERROR_INPUT
 * if the text has no prompt or one is longer than 4,000 bytes. */
bool workload_prompts(const char *text, struct arena *arena, struct workload *out,
                      struct error *err) MUST_CHECK;

/* Adds one prompt; fails with ERROR_INPUT if it is too long or there are too many. */
bool workload_add(struct workload *workload, struct arena *arena, const char *prompt,
                  struct error *err) MUST_CHECK;

/* Sets the photo to a copy of `file`, which must be an image; NULL sets the sample product. */
bool workload_photo(const struct blob *file, struct workload *out, struct error *err) MUST_CHECK;
void workload_free(struct workload *workload);
#endif
