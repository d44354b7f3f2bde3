/* storage_request.h - what the routes of the storage share. All are called with the lock held. */
#ifndef STANDIN_STORAGE_STORAGE_REQUEST_H
#define STANDIN_STORAGE_STORAGE_REQUEST_H
#include "standin/standin_internal.h"

struct storage_path { /* what a path names */
    struct bucket *bucket;
    const char *key; /* "" where the path ends with the bucket */
};

/* Nearly every error is HTTP 400 with the truth in its body. Always false. */
bool storage_refuse(struct standin_request *request, const char *status_code, const char *error,
                    const char *code, const char *message);
/* "bucket/key"; refuses a bucket that is not there and a key with odd characters. */
bool storage_split(struct standin_request *request, const char *rest, bool needs_key,
                   struct storage_path *out) MUST_CHECK;
bool storage_body(struct standin_request *request) MUST_CHECK; /* JSON, into request->tree */

void storage_list(struct standin_request *request, const char *rest);
void storage_remove_objects(struct standin_request *request, const char *rest);
void storage_buckets(struct standin_request *request, const char *rest);
#endif
