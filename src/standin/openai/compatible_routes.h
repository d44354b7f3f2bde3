/* compatible_routes.h - servers with an API like that of OpenAI: paths, keys, request members. */
#ifndef STANDIN_OPENAI_COMPATIBLE_ROUTES_H
#define STANDIN_OPENAI_COMPATIBLE_ROUTES_H
#include "standin/standin_internal.h"

enum { COMPATIBLE_PREFIX = 12 }; /* bytes of "/compatible/" */

enum compatible_result { RESULT_BASE64, RESULT_URL, RESULT_DATA_URL };
enum compatible_error { ERROR_OBJECT, ERROR_TEXT, ERROR_MESSAGE, ERROR_DETAIL };

struct compatible_form {                 /* what one kind of server accepts and returns */
    const char *name;                    /* path: /compatible/NAME/v1/images/generations */
    const char *key_header, *key_prefix; /* NULL: the server takes no key, and refuses one */
    const char *const *members;          /* of an image request; others are refused */
    const char *response_format;         /* the only value accepted; NULL: unknown member */
    bool edits_form, edits_json, chat;
    const char *max_tokens; /* the member of a chat request that limits the output */
    enum compatible_result result;
    enum compatible_error errors;
};

/* Route /compatible/: all paths of all forms. */
void compatible_handle(struct standin_request *request);
/* Checks the members of an image request and fills request->image_request. Returns false if the
 * answer is a refusal. */
bool compatible_check_image(struct standin_request *request, const struct compatible_form *form);
/* Answers with an error in the shape of the form. Always returns false. */
bool compatible_refuse(struct standin_request *request, const struct compatible_form *form,
                       int status, const char *message);
/* request->handler: draws the image and answers in the shape of the form. */
void compatible_draw(struct standin_request *request);
/* request->handler of the URLs that compatible_draw returns: answers with the image file. */
void compatible_draw_file(struct standin_request *request);
/* compatible_forms.c: returns the form that the path of the request names, or NULL. */
const struct compatible_form *compatible_form_of(const struct standin_request *request);
#endif
