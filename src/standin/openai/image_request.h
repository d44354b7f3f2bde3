/* image_request.h - a request for pictures, read and checked as the real API checks it. */
#ifndef STANDIN_OPENAI_IMAGE_REQUEST_H
#define STANDIN_OPENAI_IMAGE_REQUEST_H
#include "base/blob.h"
#include "standin/answer.h"
#include "standin/openai/model_list.h"

enum { ORDER_PHOTOS = 16, ORDER_PROMPT_MAX = 32000 };

struct image_order {
    cJSON *fields; /* of JSON, or the scalar parts of a form; texts below live in it */
    const struct offer *offer;
    const char *prompt, *quality, *background, *format; /* as they are settled, never "auto" */
    int count, width, height, compression, partials;
    bool edit, stream;
    struct blob photos[ORDER_PHOTOS]; /* owned */
    int photo_count;
    struct blob mask;
};

/* Reads the body: JSON, or a form (the answer says 400 where it is neither). */
bool order_read(struct image_order *order, const char *content_type, const struct blob *body,
                struct answer *answer) MUST_CHECK;
/* Checks every field; `list` outlives the order. */
bool order_check(struct image_order *order, const struct model_list *list,
                 struct answer *answer) MUST_CHECK;
void order_free(struct image_order *order);

/* The model by name, alive and of the right sort, or its refusal (404). Used by texts as well. */
bool order_model(const struct model_list *list, const char *id, bool image,
                 const struct offer **out, struct answer *answer) MUST_CHECK;
#endif
