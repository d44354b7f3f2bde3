/* image_request.h - reads and checks an image request with the rules of the real API. */
#ifndef STANDIN_OPENAI_IMAGE_REQUEST_H
#define STANDIN_OPENAI_IMAGE_REQUEST_H
#include "base/blob.h"
#include "standin/answer.h"
#include "standin/openai/model_list.h"

enum { IMAGE_REQUEST_PHOTOS = 16, IMAGE_REQUEST_PROMPT_MAX = 32000 };

struct image_request {
    cJSON *fields; /* JSON body, or the scalar parts of a form; owns the texts below */
    const struct offered_model *offer;
    const char *prompt, *quality, *background, *format; /* resolved, never "auto" */
    int count, width, height, compression, partials;
    bool edit, stream;
    struct blob photos[IMAGE_REQUEST_PHOTOS]; /* owned */
    int photo_count;
    struct blob mask;
};

/* Reads a body of JSON or form data. Returns false and sets a 400 answer if it is neither. */
bool image_request_read(struct image_request *image_request, const char *content_type,
                        const struct blob *body, struct answer *answer) MUST_CHECK;
/* Checks every field. Returns false and sets the answer if one is invalid. `list` must outlive the
 * request. */
bool image_request_check(struct image_request *image_request, const struct model_list *list,
                         struct answer *answer) MUST_CHECK;
void image_request_free(struct image_request *image_request);

/* Finds a model that is not retired and of the right kind. Returns false and sets a 404 or 400
 * answer otherwise. texts.c uses it too. */
bool image_request_find_model(const struct model_list *list, const char *id, bool image,
                              const struct offered_model **out, struct answer *answer) MUST_CHECK;
#endif
