/* workload.h - what is asked: prompts, and the photo that edits start from. */
#ifndef BENCH_LOAD_WORKLOAD_H
#define BENCH_LOAD_WORKLOAD_H
#include "base/arena.h"
#include "providers/provider.h"

enum { PROMPTS_MAX = 10000 };

struct replay;

struct workload {
    const char **prompts; /* in an arena */
    int prompt_count;
    struct request_photo photo; /* its bytes belong to the workload */
    struct replay *replay;      /* what goes with each prompt of a real job; NULL: they are not */
};

/* One prompt a line; blank lines and lines that begin with # are passed over. ERROR_INPUT where
 * there is none, or one is longer than 4,000 bytes. */
bool workload_prompts(const char *text, struct arena *arena, struct workload *out,
                      struct error *err) MUST_CHECK;

/* One more; ERROR_INPUT as above, or where there are too many. */
bool workload_add(struct workload *workload, struct arena *arena, const char *prompt,
                  struct error *err) MUST_CHECK;

/* The user's own photo (NULL: the sample product), made sure to be an image. */
bool workload_photo(const struct blob *file, struct workload *out, struct error *err) MUST_CHECK;
void workload_free(struct workload *workload);
#endif
