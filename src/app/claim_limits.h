/* claim_limits.h - limits across all workers of a database, from settings to a claim. */
#ifndef APP_CLAIM_LIMITS_H
#define APP_CLAIM_LIMITS_H
#include "base/error.h"
#include "model/catalog.h"

/* Reads "user=4,openai=20,gpt-image-2=8" (also one limit per line) into a JSON object of names and
 * numbers; the caller frees it. NULL if the text is NULL or empty. ERROR_INPUT if a number is not
 * in 1..100000, or a name is neither "user" nor a provider nor a model of the catalog. */
bool claim_limits_read(const char *text, const struct catalog *catalog, char **json,
                       struct error *err) MUST_CHECK;
#endif
