/* image_request.h - a request for pictures, read and checked as the real API checks it. */
#ifndef STANDIN_OPENAI_IMAGE_REQUEST_H
#define STANDIN_OPENAI_IMAGE_REQUEST_H
#include "base/blob.h"
#include "standin/answer.h"
#include "standin/openai/model_list.h"

enum { IMAGE_REQUEST_PHOTOS = 16, IMAGE_REQUEST_PROMPT_MAX = 32000 };

struct image_request {
    cJSON *fields; /* of JSON, or the scalar parts of a form; texts below live in it */
    const struct offered_model *offer;
    const char *prompt, *quality, *background, *format; /* as they are settled, never "auto" */
    int count, width, height, compression, partials;
    bool edit, stream;
    struct blob photos[IMAGE_REQUEST_PHOTOS]; /* owned */
    int photo_count;
    struct blob mask;
};

/* Reads the body: JSON, or a form (the answer says 400 where it is neither). */
bool image_request_read(struct image_request *order, const char *content_type,
                        const struct blob *body, struct answer *answer) MUST_CHECK;
/* Checks every field; `list` outlives the order. */
bool image_request_check(struct image_request *order, const struct model_list *list,
                         struct answer *answer) MUST_CHECK;
void image_request_free(struct image_request *order);

/* The model by name, alive and of the right sort, or its refusal (404). Used by texts as well. */
bool image_request_find_model(const struct model_list *list, const char *id, bool image,
                              const struct offered_model **out, struct answer *answer) MUST_CHECK;
#endif
