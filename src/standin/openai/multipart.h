/* multipart.h - parses multipart forms (edits and file uploads) and images inside JSON edits. */
#ifndef STANDIN_OPENAI_MULTIPART_H
#define STANDIN_OPENAI_MULTIPART_H
#include "standin/openai/image_request.h"

enum { MULTIPART_PARTS = 64 };

struct multipart_part {
    char name[64], type[100], filename[200];
    bool file;           /* has a filename */
    const uint8_t *data; /* points into the body */
    size_t size;
};

struct multipart {
    struct multipart_part parts[MULTIPART_PARTS];
    int count;
};

/* Splits a body into its parts; free *out with free(). Returns false and sets a 400 answer if the
 * form is invalid. */
bool multipart_split(const char *content_type, const struct blob *body, struct multipart **out,
                     struct answer *answer) MUST_CHECK;
/* Text parts become fields (integers and booleans keep their type), files become photos or mask. */
bool multipart_read(struct image_request *image_request, const char *content_type,
                    const struct blob *body, struct answer *answer) MUST_CHECK;
/* Reads "images" and "mask" of a JSON edit, which must be data: URLs. */
bool image_references_read(struct image_request *image_request, struct answer *answer) MUST_CHECK;
#endif
