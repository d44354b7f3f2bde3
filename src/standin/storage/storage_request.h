/* storage_request.h - helpers of the storage routes. Call all with the stand-in's lock held. */
#ifndef STANDIN_STORAGE_STORAGE_REQUEST_H
#define STANDIN_STORAGE_STORAGE_REQUEST_H
#include "standin/standin_internal.h"

struct storage_path {
    struct bucket *bucket;
    const char *key; /* "" if the path ends with the bucket */
};

/* Answers HTTP 400; as in Supabase, the body contains the actual status. Always returns false. */
bool storage_refuse(struct standin_request *request, const char *status_code, const char *error,
                    const char *code, const char *message);
/* Splits "bucket/key". Refuses an unknown bucket, and with needs_key an invalid key. */
bool storage_split(struct standin_request *request, const char *rest, bool needs_key,
                   struct storage_path *out) MUST_CHECK;
bool storage_body(struct standin_request *request) MUST_CHECK; /* parses JSON into request->tree */

void storage_list(struct standin_request *request, const char *rest);
void storage_remove_objects(struct standin_request *request, const char *rest);
void storage_buckets(struct standin_request *request, const char *rest);
#endif
