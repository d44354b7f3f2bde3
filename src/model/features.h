/* features.h - the product features that a text model extracts: 5 to 8 {title, description,
 * priority, icon}. */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H
#include "model/brief.h"

extern const char features_schema[]; /* strict JSON schema, for structured output */

/* Reads and checks the model's answer; *canonical gets compact JSON to be stored and shared.
 * ERROR_OUTPUT says what a model must mend. */
bool features_read(const char *json, struct arena *arena, struct brief *brief,
                   const char **canonical, struct error *err) MUST_CHECK;
#endif
