/* target.h - what is measured: a model of a provider, and the parameters it is called with.
 *
 * Syntax: "openai:gpt-image-2.5-flare,size=1024x1024,quality=low". The provider, a model of the
 * catalog, then any of size=WxH, quality=LEVEL, task=image|edit|text, stream=N (partial images),
 * name=TEXT, base-url=URL. */
#ifndef BENCH_LOAD_TARGET_H
#define BENCH_LOAD_TARGET_H
#include "model/catalog.h"
#include "providers/provider.h"

enum { TARGETS_MAX = 16, TARGET_NAME = 80 };

struct target {
    char name[TARGET_NAME]; /* default: "gpt-image-2.5-flare 1024x1024 low" */
    const struct provider *provider;
    const struct model *model;
    enum task task;
    struct size size;            /* of images */
    const char *quality;         /* one of the model's; NULL for the model's default */
    int partial_images;          /* to stream; 0 to receive the response in one piece */
    char base_url[200];          /* empty to use the provider's setting */
    struct endpoint at;          /* set by the caller of target_read */
    int64_t max_microusd;        /* maximum cost of one request by the catalog; -1 if unknown */
    int64_t expected_microusd;   /* estimated cost of one image by the catalog; 0 if unknown */
    int64_t requests_per_minute; /* the provider's limit as it reported it; 0 if unknown */
    bool size_set, task_set, name_set; /* given in the target's text */
    bool replayed;                     /* what the text leaves open is as in the real jobs */
};

/* Parses and checks a target. Fails with ERROR_INPUT for everything that can be known to be wrong
 * before a request is sent: an unknown model, one past its shutdown date, a size or quality that
 * the model does not support. */
bool target_read(const char *text, const struct catalog *catalog, int64_t today_ms,
                 struct target *out, struct error *err) MUST_CHECK;
#endif
