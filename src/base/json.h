/* json.h - reading foreign JSON through typed getters, and writing our own.
 *
 * A getter that fails names the path of what is wrong: "data[0].b64_json: expected text, got
 * number". Optional getters (`_or`) give the default for a missing key or null, and still fail on
 * a wrong type. Values are borrowed from the tree. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/blob.h"
#include "base/error.h"

#define JSON_MAX_DEPTH 64 /* deeper nesting of foreign JSON is refused before it is parsed */

/* Parses exactly one value (nothing but white space after it). The caller frees with
 * cJSON_Delete. Fails with ERROR_REMOTE, `what` first: "answer of openai is not JSON". */
bool json_parse(const void *data, size_t size, const char *what, cJSON **out,
                struct error *err) MUST_CHECK;

/* Getters on an object. `kind` of the error is ERROR_REMOTE; callers that read a seller's input
 * turn it into ERROR_INPUT with err->kind = ERROR_INPUT. */
bool json_text(const cJSON *object, const char *key, const char **out,
               struct error *err) MUST_CHECK;
bool json_text_or(const cJSON *object, const char *key, const char *fallback, const char **out,
                  struct error *err) MUST_CHECK;
bool json_int(const cJSON *object, const char *key, int64_t min, int64_t max, int64_t *out,
              struct error *err) MUST_CHECK;
bool json_int_or(const cJSON *object, const char *key, int64_t min, int64_t max, int64_t fallback,
                 int64_t *out, struct error *err) MUST_CHECK;
bool json_number_or(const cJSON *object, const char *key, double fallback, double *out,
                    struct error *err) MUST_CHECK;
bool json_bool_or(const cJSON *object, const char *key, bool fallback, bool *out,
                  struct error *err) MUST_CHECK;
bool json_array(const cJSON *object, const char *key, const cJSON **out,
                struct error *err) MUST_CHECK;
bool json_object(const cJSON *object, const char *key, const cJSON **out,
                 struct error *err) MUST_CHECK;

/* Lenient: NULL / fallback for anything but the right type. For diagnostics, not for contracts. */
const char *json_peek_text(const cJSON *object, const char *key);
int64_t json_peek_int(const cJSON *object, const char *key, int64_t fallback);
double json_peek_number(const cJSON *object, const char *key, double fallback);

/* Adds a member. Writes null for NULL, NAN and infinity, which JSON cannot represent. */
void json_add_text(cJSON *object, const char *key, const char *text);
void json_add_number(cJSON *object, const char *key, double value);

/* Compact text in the arena. */
char *json_print(const cJSON *value, struct arena *arena);
#endif
