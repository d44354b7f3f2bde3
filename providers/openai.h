/* openai.h - shared by the files of the OpenAI provider. */
#ifndef PROVIDERS_OPENAI_H
#define PROVIDERS_OPENAI_H
#include <cjson/cJSON.h>

#include "providers/provider_batch.h"

/* Settings of the OpenAI provider, ended by a row whose name is NULL. */
extern const struct provider_setting openai_settings[];

/* Fills a GET request with URL and credentials. */
void openai_sign(const struct endpoint *at, struct op *op, const char *path, struct arena *arena);
/* Fills a POST request with URL and credentials; the caller sets body or parts. */
void openai_begin(const struct model_request *request, struct op *op, const char *path);

/* GET /v1/models/{model}. */
void openai_preflight(const struct endpoint *at, const struct model *model, struct arena *arena,
                      struct op *op);
void openai_list_models(const struct endpoint *at, struct arena *arena, struct op *op);
bool openai_read_models(const struct endpoint *at, const struct op *op, struct listed_model *out,
                        int capacity, int *count, struct error *err) MUST_CHECK;
bool openai_read_preflight(const struct endpoint *at, const struct model *model,
                           const struct op *op, int64_t now_ms, struct model_status *out,
                           struct error *err) MUST_CHECK;

bool openai_image_request(const struct model_request *request, struct op *op,
                          struct error *err) MUST_CHECK;
/* Sets *is_edit if the request has photos to start from. Fails with ERROR_CONFIG if the model
 * cannot edit, or accepts fewer photos. */
bool openai_image_is_edit(const struct model_request *request, bool *is_edit,
                          struct error *err) MUST_CHECK;
/* Returns the JSON body of an image request, without photos; the caller deletes it. */
cJSON *openai_image_body(const struct model_request *request);
struct chat_form {           /* names that differ between servers with /v1/chat/completions */
    const char *system_role; /* "developer" or "system" */
    const char *max_tokens;  /* "max_completion_tokens" or "max_tokens" */
};
/* Adds messages, schema and output limit to a chat request. */
void openai_chat_fill(const struct model_request *request, const struct chat_form *form,
                      cJSON *body);
bool openai_text_request(const struct model_request *request, struct op *op,
                         struct error *err) MUST_CHECK;

extern const struct provider_batch openai_batch;
bool openai_batch_write_record(const struct model_request *request, const char *id,
                               struct blob *out, const char **path, struct error *err) MUST_CHECK;
enum read_result openai_batch_read_record(const struct model_request *request,
                                          const struct blob *record, char id[40], int *status,
                                          struct model_result *out, struct error *err) MUST_CHECK;
#endif
