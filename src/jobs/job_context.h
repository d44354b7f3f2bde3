/* job_context.h - what all jobs of a process share: set up once, then only read. */
#ifndef JOBS_JOB_CONTEXT_H
#define JOBS_JOB_CONTEXT_H
#include "model/catalog.h"
#include "model/profile.h"
#include "model/prompt.h"
#include "model/rules.h"
#include "providers/provider.h"
#include "store/store.h"

enum main_image_method {
    MAIN_AUTO,  /* cut out locally if the photo has a plain backdrop, else made by the model */
    MAIN_LOCAL, /* always cut out locally */
    MAIN_MODEL  /* always made by the model */
};

struct model_endpoint { /* a model, and where its provider is reached */
    const struct provider *provider;
    struct endpoint endpoint; /* base URL and key */
    const struct model *model;
};

struct job_context {
    const char *worker;      /* worker_name(): identifies this process in every write */
    struct catalog *catalog; /* the provider's list of models adds to it */
    bool replace_retired;    /* a model that was shut down is replaced by its successor */
    const struct rules *rules;
    const struct prompts *prompts;
    const char *marketplace;
    struct model_endpoint image;      /* generates and edits images */
    struct model_endpoint features;   /* text: extracts product features */
    struct model_endpoint aplus;      /* text: A+ content */
    const struct endpoint *endpoints; /* of every provider, in the order of providers[] */
    const char *quality;              /* of images; NULL: as rules.json says */
    enum main_image_method main_image;
    const char *unpaid; /* what happens to a job that no payment covers: "fail", "wait", "run" */
    const struct store *store;
    struct store_target store_target;
    const char *bucket;                /* "generated-images" */
    const char *spool;                 /* the folder of paid answers */
    struct spool_folder *spool_folder; /* its state; NULL: none, answers are not bound to it */
    uint32_t retry_base_ms;
    uint32_t request_timeout_ms;
    const struct profile *profile; /* recorded latencies, from which timeouts are derived; NULL:
                                      request_timeout_ms applies */
};
#endif
