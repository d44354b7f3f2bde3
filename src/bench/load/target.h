/* target.h - what is measured: a provider, a model, and how it is asked.
 *
 * "openai:gpt-image-2.5-flare,size=1024x1024,quality=low": a provider's name, a model of the
 * catalog, then any of size=WxH, quality=WORD, task=image|edit|text, stream=N (images in their
 * making, sent on the way), name=TEXT, base-url=URL. */
#ifndef BENCH_LOAD_TARGET_H
#define BENCH_LOAD_TARGET_H
#include "model/catalog.h"
#include "providers/provider.h"

enum { TARGETS_MAX = 16, TARGET_NAME = 80 };

struct target {
    char name[TARGET_NAME]; /* unless told: "gpt-image-2.5-flare 1024x1024 low" */
    const struct provider *provider;
    const struct model *model;
    enum task task;
    struct size size;       /* images */
    const char *quality;    /* a word of the model's; NULL: its own default */
    int partial_images;     /* in their making, streamed; 0: the answer comes in one piece */
    char base_url[200];     /* empty: the provider's, as the settings say */
    struct endpoint at;     /* filled in by the caller of target_read */
    int64_t worst_microusd; /* what one request may cost at most, by the catalog; -1: not known */
    int64_t usual_microusd; /* and what an image of this size usually does; 0: not known */
    int64_t requests_a_minute; /* that the provider lets through, by its own word; 0: not known */
    bool size_set, task_set, name_set; /* by whoever named the target */
    bool replayed;                     /* what is not told is as real jobs had it */
};

/* Everything that can be known to be wrong before a request is sent is ERROR_INPUT here: a model
 * that is unknown or past its shutdown date, a size or quality that it does not make. */
bool target_read(const char *text, const struct catalog *catalog, int64_t today_ms,
                 struct target *out, struct error *err) MUST_CHECK;
#endif
