/* provider.h - the interface between darkroom and a model API.
 *
 * A provider is one file: a struct provider with facts, and functions that fill an HTTP request and
 * read its response. These functions open no socket, keep no state, take no lock and read no
 * clock; the engine sends, waits, retries and records. To add a provider, write
 * providers/<name>.c and add PROVIDER(<name>) to providers.inc: flags, help, `darkroom doctor`,
 * `darkroom bench` and workers use the table. Model ids, sizes and prices are data in
 * assets/models.json. providers/README.md has a worked example. */
#ifndef PROVIDERS_PROVIDER_H
#define PROVIDERS_PROVIDER_H
#include "base/arena.h"
#include "io/op.h"
#include "model/brief.h"
#include "model/catalog.h"
#include "model/usage.h"
#include "providers/endpoint.h"

struct request_photo { /* an encoded image file that is sent with a request */
    struct blob bytes; /* borrowed */
    const char *content_type;
    const char *filename;
};

struct model_request { /* borrowed by the provider until the op has ended */
    enum task task;
    const struct model *model;
    const struct endpoint *at;
    const struct brief *brief; /* the facts that the prompt was written from; the offline provider
                                  draws them */
    const char *prompt;        /* images: the prompt. Text: the user message */
    const char *instructions;  /* text: the system message; may be NULL */
    struct size size;          /* pixels; a size that the model offers */
    const char *quality;       /* one of model.qualities; NULL means the model's default */
    bool transparent;          /* image without a background */
    int partial_images;        /* previews to stream before the image, at most model.partial_max;
                                  0 asks for a response in one piece */
    const struct request_photo *photos; /* input images of an edit or of a text request */
    int photo_count;
    const struct request_photo *mask; /* edits: PNG whose transparent pixels mark where the first
                                         photo may change; may be NULL */
    const char *schema_name;          /* text: name of the structured output */
    const char *schema;               /* text: JSON schema, strict */
    int max_output_tokens;            /* text; 0 means no limit */
    const char *key;     /* idempotency key: the same for every retry of one call; sent if the API
                            accepts one */
    struct arena *arena; /* for allocations of the provider's functions; lives as long as the job */
};

struct model_result {
    struct blob content; /* the image file, or the text in UTF-8; owned by the caller */
    char content_type[32];
    char request_id[96]; /* assigned by the provider, for its support; may be empty */
    char model[80];      /* the model that the response names; may be empty */
    struct usage usage;
};

struct model_status {          /* result of a preflight */
    int64_t requests_a_minute; /* limit of the account; -1 if the response does not contain it */
    bool known;                /* false if this server cannot be asked */
};

struct listed_model { /* a model in the provider's list */
    char id[100];
    char shutdown[12]; /* "2026-12-01"; "" if none is announced */
};

enum read_result { READ_DONE, READ_POLL_AGAIN, READ_FAILED };

struct provider_batch;

struct provider {
    const char *name;     /* "openai": in assets/models.json, --provider and log records */
    const char *title;    /* "OpenAI": in messages and help */
    const char *base_url; /* default; NULL if the setting is required */
    bool local;           /* results are made in this process: no network, no key, no cost */
    unsigned tasks;       /* enum task bits */
    /* Up to ENDPOINT_VALUES settings, ended by a row whose name is NULL; NULL if there are none.
     * A provider receives the values of its own settings only. */
    const struct provider_setting *settings;

    /* Checks the values of `settings`, before any request. Fails with ERROR_CONFIG and a hint that
     * names the setting. NULL: a PROVIDER_KEY must be set if `settings` contains one. */
    bool (*check)(const struct endpoint *at, struct error *err) MUST_CHECK;

    /* Fails with provider_cannot if a setting of the endpoint excludes the task, such as a preset
     * without text. NULL if no setting does. */
    bool (*check_task)(const struct endpoint *at, enum task task, struct error *err) MUST_CHECK;

    /* Fills op->http, or op->work. Called through provider_request, so provider, endpoint and model
     * have the task. Fails with ERROR_INPUT if the model cannot make the size. */
    bool (*request)(const struct model_request *request, struct op *op,
                    struct error *err) MUST_CHECK;

    /* Reads op->http_response, whatever its status. May run on a pool thread.
     * READ_POLL_AGAIN: op->http holds the next request, to be sent after op->sleep_ms; for APIs
     * that are polled, or that answer with the URL of the image.
     * READ_FAILED: err->kind decides whether the call is retried (base/error.h). */
    enum read_result (*read_response)(const struct model_request *request, struct op *op,
                                      struct model_result *out, struct error *err) MUST_CHECK;

    /* Fills a request that costs nothing and tells whether key and model are accepted. NULL if the
     * API has none. */
    void (*preflight)(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op);
    /* Reads its response. Fails if the key is refused, the account has no access to the model, or
     * the model was shut down before now_ms (wall clock). */
    bool (*read_preflight)(const struct endpoint *at, const struct model *model,
                           const struct op *op, int64_t now_ms, struct model_status *out,
                           struct error *err) MUST_CHECK;
    /* Fills a request that costs nothing and lists the models of the account; reads at most
     * `capacity` of them. NULL if the API has none. */
    void (*list_models)(const struct endpoint *at, struct arena *arena, struct op *op);
    bool (*read_models)(const struct endpoint *at, const struct op *op, struct listed_model *out,
                        int capacity, int *count, struct error *err) MUST_CHECK;
    const struct provider_batch *batch; /* provider_batch.h; NULL if the API has no batches */
};

extern const struct provider *const providers[];        /* ended by NULL */
const struct provider *provider_find(const char *name); /* NULL if no provider has that name */

/* Checks the values of the provider's settings: provider.check, or its default. */
bool provider_check(const struct provider *provider, const struct endpoint *at,
                    struct error *err) MUST_CHECK;
/* Fails with ERROR_CONFIG and a hint if the provider, the model or a setting of the endpoint does
 * not have the task. If `at` is NULL, the settings are not checked. */
bool provider_check_task(const struct provider *provider, const struct endpoint *at,
                         const struct model *model, enum task task, struct error *err) MUST_CHECK;
/* Fails with ERROR_CONFIG and a hint if the model cannot make images in a batch. */
bool provider_check_batch(const struct provider *provider, const struct model *model,
                          struct error *err) MUST_CHECK;
/* Builds a request with provider.request. Fails like provider_check_task: then *op is unchanged, so
 * that nothing is sent. */
bool provider_request(const struct provider *provider, const struct model_request *request,
                      struct op *op, struct error *err) MUST_CHECK;
/* Sets *err to ERROR_CONFIG "<subject> '<name>' cannot <task>", with a hint; returns false. For a
 * provider whose settings exclude a task: subject "preset". */
bool provider_cannot(const char *subject, const char *name, enum task task, struct error *err);

/* Returns at->base_url, or the provider's default if it is NULL, and path ("/images/generations")
 * as one URL in the arena. Drops slashes at the end of the base URL, and moves its query
 * ("?api-version=1") behind the path. */
const char *provider_url(const struct endpoint *at, const char *path, struct arena *arena);
/* Returns `url`, with the path of the URL `model` ("/v1") if it has none. `model` may be NULL. */
const char *provider_base_url(const char *url, const char *model, struct arena *arena);
/* Adds the PROVIDER_HEADER settings that are set to op->http. */
void provider_headers(const struct endpoint *at, struct op *op);
/* The first environment variable of the provider's key, "OPENAI_API_KEY"; NULL if it has no key.
 * The result is valid until the next call in this thread. */
const char *provider_key_variable(const struct provider *provider);
#endif
