/* translation_sample.h - answers a request for a translation. */
#ifndef STANDIN_OPENAI_TRANSLATION_SAMPLE_H
#define STANDIN_OPENAI_TRANSLATION_SAMPLE_H
#include <cjson/cJSON.h>

/* Returns {"texts": [...]} for a prompt that ends with a JSON list of texts: each text with the
 * language in parentheses. The list is empty if the request has no such prompt. The caller deletes
 * it. */
cJSON *translation_sample_make(const cJSON *request);
#endif
