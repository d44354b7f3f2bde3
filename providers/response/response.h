/* response.h - reads the responses of model APIs: lenient in form, strict in content.
 *
 * Servers with an API like OpenAI's differ in where a response contains its image, text, error and
 * token counts, and in how an image is encoded. Each function accepts all known forms, so that a
 * provider need not know which one its server uses. A form that none of them knows is ERROR_FORMAT:
 * every further request would be paid for and not be readable either. tests/responses has an
 * example of each form. */
#ifndef PROVIDERS_RESPONSE_RESPONSE_H
#define PROVIDERS_RESPONSE_RESPONSE_H
#include <cjson/cJSON.h>

#include "providers/provider.h"
#include "providers/response/json_long.h"

/* -- response_read.c */

/* Reads a response to the request, with any status: JSON, a stream of events, or a downloaded
 * image. If it contains the URL of the image, the op becomes the download and the result is
 * READ_POLL_AGAIN. Fits struct provider.read_response. */
enum read_result response_read(const struct model_request *request, struct op *op,
                               struct model_result *out, struct error *err) MUST_CHECK;

/* -- response_parse.c */

bool response_succeeded(int status); /* 200 to 203 */
/* Parses the body of a response. If `longs` is NULL, long strings are in the tree. Fails with
 * ERROR_REMOTE if it is truncated, and with ERROR_FORMAT if it is something else than JSON, such as
 * a web page, or exceeds the limits of base/json.h. */
bool response_parse(const struct endpoint *at, const struct blob *body,
                    struct json_long_strings *longs, cJSON **top, struct error *err) MUST_CHECK;
/* Sets err to ERROR_FORMAT: "<provider> sent no <what> that darkroom can read (it has: ...)", which
 * names the members of the response. Always returns false. */
bool response_unreadable(const struct endpoint *at, const cJSON *top, const char *what,
                         struct error *err);

/* -- response_error.c */

/* Classifies a response whose status is not a success: by error.code, then error.type, then the
 * message, then the status. The message names at->provider, and the hint its key variable. */
void response_error(const struct endpoint *at, const struct model *model,
                    const struct http_response *response, struct error *err);
/* Classifies a parsed body: {"error": {...}}, {"error": "text"}, {"errors": [...]},
 * {"detail": ...}, {"message": ...}, {"code": ..., "message": ...}, or an array of these. */
void response_error_body(const struct endpoint *at, const struct model *model, const cJSON *body,
                         int status, struct error *err);
/* Classifies an error object, which a response with status 200 may contain too. */
void response_error_object(const struct endpoint *at, const struct model *model, const cJSON *error,
                           int status, struct error *err);
/* Returns true and sets err if a body with a successful status reports an error. */
bool response_reports_error(const struct endpoint *at, const struct model *model, const cJSON *body,
                            struct error *err) MUST_CHECK;

/* -- response_status.c */

/* Classifies a response by its status, if it has no known code. `is_page`: the body is not JSON, so
 * the answer is that of a gateway, not of the model's API: no fault of the job. */
void response_status(const struct endpoint *at, int status, const char *message, bool is_page,
                     struct error *err);

/* -- response_image.c */

/* Reads the first image of a parsed response, and its usage. `op` becomes the download if the
 * response contains a URL; NULL if URLs are not supported there. */
enum read_result response_image_tree(const struct model_request *request, const cJSON *top,
                                     const struct json_long_strings *longs, struct op *op,
                                     struct model_result *out, struct error *err) MUST_CHECK;

/* -- response_image_find.c */

/* Returns the string of the tree that is, names or shows the image; NULL if there is none. */
const cJSON *response_image_find(const cJSON *top, const struct json_long_strings *longs);
/* True if the model returned an empty result in a known form. */
bool response_image_is_empty(const cJSON *top);
/* The model's words if a message declines the image; NULL if none does. */
const char *response_image_refusal(const cJSON *top);

/* -- response_stream.c */

/* Reads a body of type text/event-stream: the completed image, or the error of an event. */
enum read_result response_stream(const struct model_request *request, struct op *op,
                                 struct model_result *out, struct error *err) MUST_CHECK;

/* -- response_text.c */

/* Reads the text of a response of /v1/responses or /v1/chat/completions, and its usage. */
bool response_text(const struct model_request *request, struct op *op, struct model_result *out,
                   struct error *err) MUST_CHECK;

/* -- response_usage.c */

/* Reads the token counts of a response or event. Leaves all counts of `out` at -1 if the response
 * has none, or has counts that contradict each other or are impossible: the cost of the call is
 * then unknown, and not zero. */
void response_usage(const cJSON *top, enum task task, struct usage *out);
#endif
