/* multipart.h - the parts of a multipart form, and pictures inside JSON: bodies of an edit,
 * uploads. */
#ifndef STANDIN_OPENAI_MULTIPART_H
#define STANDIN_OPENAI_MULTIPART_H
#include "standin/openai/image_request.h"

enum { FORM_PARTS = 64 };

struct form_part {
    char name[64], type[100], filename[200];
    bool file;           /* it has a filename */
    const uint8_t *data; /* in the body */
    size_t size;
};

struct form {
    struct form_part parts[FORM_PARTS];
    int count;
};

/* Cuts a body into its parts; *out is freed with free(). False: the answer says 400. */
bool form_cut(const char *content_type, const struct blob *body, struct form **out,
              struct answer *answer) MUST_CHECK;
/* Scalars become fields (whole numbers and booleans as such), files become photos or mask. */
bool form_read(struct image_order *order, const char *content_type, const struct blob *body,
               struct answer *answer) MUST_CHECK;
/* "images" and "mask" of a JSON edit: data: URLs. */
bool form_read_references(struct image_order *order, struct answer *answer) MUST_CHECK;
#endif
