/* form.h - the parts of a multipart form, and pictures inside JSON: bodies of an edit. */
#ifndef STANDIN_FORM_H
#define STANDIN_FORM_H
#include "standin/order.h"

/* Scalars become fields (whole numbers and booleans as such), files become photos or mask. */
bool form_read(struct image_order *order, const char *content_type, const struct blob *body,
               struct answer *answer) MUST_CHECK;
/* "images" and "mask" of a JSON edit: data: URLs. */
bool form_read_references(struct image_order *order, struct answer *answer) MUST_CHECK;
#endif
