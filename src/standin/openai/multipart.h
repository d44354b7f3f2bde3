/* multipart.h - the parts of a multipart form, and pictures inside JSON: bodies of an edit,
 * uploads. */
#ifndef STANDIN_OPENAI_MULTIPART_H
#define STANDIN_OPENAI_MULTIPART_H
#include "standin/openai/image_request.h"

enum { MULTIPART_PARTS = 64 };

struct multipart_part {
    char name[64], type[100], filename[200];
    bool file;           /* it has a filename */
    const uint8_t *data; /* in the body */
    size_t size;
};

struct multipart {
    struct multipart_part parts[MULTIPART_PARTS];
    int count;
};

/* Cuts a body into its parts; *out is freed with free(). False: the answer says 400. */
bool multipart_split(const char *content_type, const struct blob *body, struct multipart **out,
                     struct answer *answer) MUST_CHECK;
/* Scalars become fields (whole numbers and booleans as such), files become photos or mask. */
bool multipart_read(struct image_request *order, const char *content_type, const struct blob *body,
                    struct answer *answer) MUST_CHECK;
/* "images" and "mask" of a JSON edit: data: URLs. */
bool image_references_read(struct image_request *order, struct answer *answer) MUST_CHECK;
#endif
