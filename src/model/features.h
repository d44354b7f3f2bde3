/* features.h - reads the 5 to 8 product features that a text model extracts, each with title,
 * description, priority and icon. */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H
#include "model/brief.h"

extern const char features_schema[]; /* strict JSON schema for structured output */

/* Reads and validates the model's answer. *canonical gets compact JSON to be stored with the
 * project. Features that repeat others are left out of the brief. Fails with ERROR_OUTPUT, naming
 * what the model must correct. */
bool features_read(const char *json, struct arena *arena, struct brief *brief,
                   const char **canonical, struct error *err) MUST_CHECK;

/* Returns true if two titles state the same fact: the same words, or the same numbers with the
 * words of one of them, as "Height 9.5 cm" and "Measures 9.5 cm". */
bool features_say_the_same(const char *title, const char *other);

/* Removes features that state what an earlier one states, which gets the higher priority of both.
 * Returns how many are left. */
int features_drop_repeated(struct feature *features, int count);

/* Returns the feature with the highest priority, the first of several; NULL if there are none. */
const struct feature *features_main(const struct brief *brief);
#endif
