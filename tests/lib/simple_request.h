/* simple_request.h - a request that a model with the task accepts, for tests of providers. */
#ifndef TESTS_LIB_SIMPLE_REQUEST_H
#define TESTS_LIB_SIMPLE_REQUEST_H
#include "providers/provider.h"

/* An edit has one photo, whose bytes are not an image. */
static inline struct model_request simple_request(const struct endpoint *at,
                                                  const struct model *model, enum task task,
                                                  struct arena *arena)
{
    static struct request_photo photo = { .content_type = "image/png", .filename = "p.png" };
    static struct brief brief;

    photo.bytes = blob_text("x");
    return (struct model_request){ .task = task,
                                   .model = model,
                                   .at = at,
                                   .brief = &brief,
                                   .prompt = "A cup",
                                   .size = { 1024, 1024 },
                                   .photos = &photo,
                                   .photo_count = task == TASK_EDIT ? 1 : 0,
                                   .schema_name = "features",
                                   .schema = "{\"type\":\"object\"}",
                                   .key = "job-0",
                                   .arena = arena };
}
#endif
