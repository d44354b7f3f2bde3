/* content.h - the texts of a composed image: stored with it, so that it can be typeset again, and
 * translated. */
#ifndef MODEL_CONTENT_CONTENT_H
#define MODEL_CONTENT_CONTENT_H
#include <cjson/cJSON.h>

#include "model/brief.h"

extern const char translation_schema[]; /* strict JSON schema for structured output */

/* Returns the texts of the image and their language as JSON: product name, category, features,
 * dimensions, headline of the module. The caller deletes it. */
cJSON *content_json(const struct brief *brief);

/* Puts stored texts in the place of those of the project, which may have changed since. Call
 * dimensions_print next. Fails with ERROR_INPUT if they are not the texts of an image. */
bool content_restore(const char *json, struct arena *arena, struct brief *brief,
                     struct error *err) MUST_CHECK;

/* Returns the texts to translate as a JSON list, in the order that content_translate expects. */
const char *content_texts(const struct brief *brief, struct arena *arena);

/* Puts the model's translation in the place of the texts. Fails with ERROR_OUTPUT, naming what the
 * model must correct: every text needs one, not much longer, with the same numbers, and without
 * markup. */
bool content_translate(const char *json, struct arena *arena, struct brief *brief,
                       struct error *err) MUST_CHECK;
#endif
