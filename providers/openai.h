/* openai.h - shared by the files of the OpenAI provider. */
#ifndef PROVIDERS_OPENAI_H
#define PROVIDERS_OPENAI_H
#include <cjson/cJSON.h>

#include "base/json_long.h"
#include "providers/provider.h"

/* URL and credentials; the caller sets body or parts. */
void openai_begin(const struct order *order, struct op *op, const char *path);

bool openai_image_ask(const struct order *order, struct op *op, struct error *err) MUST_CHECK;
enum reading openai_image_read(const struct order *order, struct op *op, struct result *out,
                               struct error *err) MUST_CHECK;
/* The answer as text/event-stream: the completed image, or the error among its events. */
enum reading openai_stream_read(const struct order *order, struct op *op, struct result *out,
                                struct error *err) MUST_CHECK;
/* Parts of an image's answer, whole or in an event: its base64, and what it took. */
bool openai_image_take(struct json_span letters, struct arena *arena, struct result *out,
                       struct error *err) MUST_CHECK;
void openai_image_usage(const cJSON *top, struct usage *out);
bool openai_text_ask(const struct order *order, struct op *op, struct error *err) MUST_CHECK;
enum reading openai_text_read(const struct order *order, struct op *op, struct result *out,
                              struct error *err) MUST_CHECK;

/* Classes an answer that is not 200: by error.code, then error.type, then status. */
void openai_error(const struct http_got *got, const struct model *model, struct error *err);
/* The same for an error object inside a 200. */
void openai_error_object(const cJSON *error, int status, const struct model *model,
                         struct error *err);
#endif
