/* provider.h - what darkroom asks of a model API.
 *
 * A provider is one file: a table of facts and two functions that turn a request into an op and
 * the op's answer into a result. It opens no socket, keeps no state, takes no lock, reads no
 * clock; the engine sends, waits, retries and counts. To add one: write providers/<name>.c, add
 * PROVIDER(<name>) to providers.inc, write its wire down in tests/unit/providers. Prices, sizes and
 * model ids are data: assets/models.json. */
#ifndef PROVIDERS_PROVIDER_H
#define PROVIDERS_PROVIDER_H
#include "base/arena.h"
#include "io/op.h"
#include "model/brief.h"
#include "model/catalog.h"
#include "model/usage.h"

struct endpoint {             /* where a provider is, and who we are there */
    const char *base_url;     /* no slash at its end; NULL: the provider's own */
    const struct secret *key; /* NULL where none is needed */
    const char *organization; /* OPENAI_ORG_ID; may be NULL */
    const char *project;      /* OPENAI_PROJECT_ID; may be NULL */
};

struct request_photo { /* an encoded file, as an API takes it */
    struct blob bytes; /* borrowed */
    const char *content_type;
    const char *filename;
};

struct model_request { /* borrowed by the provider while the op runs */
    enum task task;
    const struct model *model;
    const struct endpoint *at;
    const struct brief *brief; /* the facts behind the prompt; the offline provider draws them */
    const char *prompt;        /* images: the prompt. Text: what the user says */
    const char *instructions;  /* text: the system's part; may be NULL */
    struct size size;          /* pixels asked for; one that the model offers */
    const char *quality;       /* a word that the model knows; NULL: the model's own default */
    bool transparent;          /* image without a background */
    int partial_images; /* images in their making to be streamed on the way, at most as many as the
                           model's partial_max; 0: the answer comes in one piece */
    const struct request_photo *photos; /* edits work from them; text models look at them */
    int photo_count;
    const struct request_photo
        *mask;               /* edits: PNG, holes where the first photo may change; or NULL */
    const char *schema_name; /* text: structured output */
    const char *schema;      /* text: JSON schema, strict */
    int max_output_tokens;   /* text; 0 = no bound of ours */
    const char *key;     /* the same for every attempt of one round: sent where an API takes one */
    struct arena *arena; /* for what ask and read allocate; lives as long as the job */
};

struct provider_batch;

struct model_result {
    struct blob content; /* the image file or the text (UTF-8); owned by the caller */
    char content_type[32];
    char request_id[96]; /* the provider's own, for its support desk; may be empty */
    char model[80];      /* what the answer says it was made by; may be empty */
    struct usage usage;
};

struct model_status {          /* with a provider, by its own word, before anything is paid */
    int64_t requests_a_minute; /* -1: it does not say */
    bool known;                /* false: this server has nothing to ask it of */
};

enum read_result { READ_DONE, READ_POLL_AGAIN, READ_FAILED };

struct provider {
    const char *name;     /* "openai": in assets/models.json, --provider and logs */
    const char *base_url; /* unless the setting <NAME>_BASE_URL says otherwise; NULL: no network */
    const char *key_setting; /* "OPENAI_API_KEY"; NULL where no key is needed */
    unsigned tasks;          /* which enum task bits it does */

    /* Fills op->http (or op->work). Fails with ERROR_INPUT when this model cannot do the order. */
    bool (*request)(const struct model_request *order, struct op *op, struct error *err) MUST_CHECK;

    /* Reads what came (op->http_response.status and body; called for every status). May run on a
     * pool thread. ASK_AGAIN: op->http holds the next request of a submit-and-poll API, to be sent
     * after op->sleep_ms. FAILED: *err says why, in one of enum error_kind, in words a seller can
     * read.
     */
    enum read_result (*read_response)(const struct model_request *order, struct op *op,
                                      struct model_result *out, struct error *err) MUST_CHECK;

    /* Costs nothing: asks how the model stands with this account. NULL: cannot be asked.
     * `read_preflight` fails where the key is refused, the model is not open to it, or is past its
     * end (now_ms). */
    void (*preflight)(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op);
    bool (*read_preflight)(const struct op *op, const struct model *model, int64_t now_ms,
                           struct model_status *out, struct error *err) MUST_CHECK;
    const struct provider_batch *batch; /* provider_batch.h; NULL: it takes none */
};

extern const struct provider *const providers[];        /* NULL-ended */
const struct provider *provider_find(const char *name); /* NULL: there is none */
#endif
