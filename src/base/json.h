/* json.h - reading external JSON with typed getters, and building JSON.
 *
 * A getter that fails names the member: "'size': expected text, got a number". Optional getters
 * (`_or`) return the default if the key is missing or null, and fail if the type is wrong. Values
 * are borrowed from the tree. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/blob.h"
#include "base/error.h"

/* Limits, checked before parsing. The largest response that darkroom asks for is a page of 1,000
 * storage objects, with about 25,000 values; a tree takes 64 bytes a value and more for its texts,
 * so 200,000 values take about 20 MB. Replies of the own database list up to 50,000 images. */
#define JSON_MAX_DEPTH 64
#define JSON_MAX_VALUES 200000
#define JSON_MAX_OWN_VALUES 10000000

/* Parses exactly one value. The caller frees it with cJSON_Delete. Strings and names become valid
 * UTF-8: other bytes are overwritten with '?'. Errors are ERROR_REMOTE and begin with `what`:
 * "response of openai is not JSON". */
bool json_parse(const void *data, size_t size, const char *what, cJSON **out,
                struct error *err) MUST_CHECK;
/* As json_parse, with the limit JSON_MAX_OWN_VALUES: for a list that this program, its database or
 * its operator wrote. */
bool json_parse_own(const void *data, size_t size, const char *what, cJSON **out,
                    struct error *err) MUST_CHECK;

/* Fails if the text exceeds the limits of json_parse, which checks them itself. For text that is
 * copied before it is parsed. */
bool json_check_limits(const void *data, size_t size, const char *what,
                       struct error *err) MUST_CHECK;
/* Returns the quote that ends the string whose first byte is at `at`; NULL if there is none. */
const char *json_closing_quote(const char *at, const char *end);

/* Getters on an object. Errors are ERROR_REMOTE; callers that read user input set err->kind to
 * ERROR_INPUT. */
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

/* Return NULL or the fallback if the type is wrong. For display only. */
const char *json_peek_text(const cJSON *object, const char *key);
int64_t json_peek_int(const cJSON *object, const char *key, int64_t fallback);
double json_peek_number(const cJSON *object, const char *key, double fallback);

/* Adds a member. Writes null for NULL, NAN and infinity, which JSON cannot represent. */
void json_add_text(cJSON *object, const char *key, const char *text);
void json_add_number(cJSON *object, const char *key, double value);

/* Compact text, allocated in the arena. */
char *json_print(const cJSON *value, struct arena *arena);
#endif
