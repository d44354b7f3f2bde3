/* job_context.h - what every job borrows from its process: set up once, only read after. */
#ifndef JOBS_JOB_CONTEXT_H
#define JOBS_JOB_CONTEXT_H
#include "model/catalog.h"
#include "model/profile.h"
#include "model/prompt.h"
#include "model/rules.h"
#include "providers/provider.h"
#include "store/store.h"

enum main_image_method {
    MAIN_AUTO,  /* cut out by us where the photo's backdrop is plain, else by the model */
    MAIN_LOCAL, /* always by us */
    MAIN_MODEL  /* always by the model */
};

struct model_endpoint { /* a provider, where it is, and the model it is asked for */
    const struct provider *provider;
    struct endpoint at;
    const struct model *model;
};

struct job_context {
    const char *worker; /* this process, in every write: "host:pid:random" */
    const struct catalog *catalog;
    const struct rules *rules;
    const struct prompts *prompts;
    const char *marketplace;
    struct model_endpoint image;    /* makes and edits images */
    struct model_endpoint features; /* text: what the product can do */
    struct model_endpoint aplus;    /* text: A+ content */
    const char *quality;            /* asked of the image model; NULL: as rules.json says */
    enum main_image_method main_image;
    const struct store *store;
    struct store_target place;
    const char *bucket; /* "generated-images" */
    const char *spool;  /* folder of paid answers */
    uint32_t retry_base_ms;
    uint32_t request_timeout_ms;
    const struct profile
        *profile; /* how long calls took before; NULL: not known, or not to be used */
};
#endif
