/* features.h - reads the 5 to 8 product features that a text model extracts, each with title,
 * description, priority and icon. */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H
#include "model/brief.h"

extern const char features_schema[]; /* strict JSON schema for structured output */

/* Reads and validates the model's answer. *canonical gets compact JSON to be stored with the
 * project. Fails with ERROR_OUTPUT, naming what the model must correct. */
bool features_read(const char *json, struct arena *arena, struct brief *brief,
                   const char **canonical, struct error *err) MUST_CHECK;

/* Returns the feature with the highest priority, the first of several; NULL if there are none. */
const struct feature *features_main(const struct brief *brief);
#endif
