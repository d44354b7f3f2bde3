/* openai.h - shared by the files of the OpenAI provider. */
#ifndef PROVIDERS_OPENAI_H
#define PROVIDERS_OPENAI_H
#include <cjson/cJSON.h>

#include "providers/provider.h"

/* URL and credentials; the caller sets body or parts. */
void openai_begin(const struct order *order, struct op *op, const char *path);

bool openai_image_ask(const struct order *order, struct op *op, struct error *err) MUST_CHECK;
enum reading openai_image_read(const struct order *order, struct op *op, struct result *out,
                               struct error *err) MUST_CHECK;
bool openai_text_ask(const struct order *order, struct op *op, struct error *err) MUST_CHECK;
enum reading openai_text_read(const struct order *order, struct op *op, struct result *out,
                              struct error *err) MUST_CHECK;

/* Classes an answer that is not 200: by error.code, then error.type, then status. */
void openai_error(const struct http_got *got, const struct model *model, struct error *err);
/* The same for an error object inside a 200. */
void openai_error_object(const cJSON *error, int status, const struct model *model,
                         struct error *err);
#endif
