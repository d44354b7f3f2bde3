/* storage_request.h - helpers of the storage routes. Call all with the stand-in's lock held. */
#ifndef STANDIN_STORAGE_STORAGE_REQUEST_H
#define STANDIN_STORAGE_STORAGE_REQUEST_H
#include "standin/standin_internal.h"

struct storage_path {
    struct bucket *bucket;
    const char *key; /* "" if the path ends with the bucket */
};

/* Answers HTTP 400; as in Supabase, the body contains the actual status. Always returns false. */
static inline bool storage_refuse(struct standin_request *request, const char *status_code,
                                  const char *error, const char *code, const char *message)
{
    answer_storage_error(&request->answer, 400, status_code, error, code, message);
    return false;
}
/* Splits "bucket/key". Refuses an unknown bucket, and with needs_key an invalid key. */
bool storage_split(struct standin_request *request, const char *rest, bool needs_key,
                   struct storage_path *out) MUST_CHECK;
bool storage_body(struct standin_request *request) MUST_CHECK; /* parses JSON into request->tree */

/* Finds the object "bucket/key"; refuses if there is none. */
bool storage_find_object(struct standin_request *request, const char *rest,
                         struct storage_object **out) MUST_CHECK;
/* Answers {"Key": "bucket/key", "Id": ...}. */
void storage_answer_key(struct standin_request *request, const struct storage_object *stored);

/* Handlers; `rest` is the path after the route's. */

/* -- storage_objects.c */
void storage_upload(struct standin_request *request, const char *rest);
void storage_download(struct standin_request *request, const char *rest);
void storage_download_public(struct standin_request *request, const char *rest);
void storage_info(struct standin_request *request, const char *rest);
/* -- storage_sign.c */
void storage_sign(struct standin_request *request, const char *rest);
void storage_download_signed(struct standin_request *request, const char *rest);
void storage_sign_upload(struct standin_request *request, const char *rest);
void storage_upload_signed(struct standin_request *request, const char *rest);
/* -- storage_copy.c */
void storage_copy(struct standin_request *request, const char *rest);
void storage_move(struct standin_request *request, const char *rest);
/* -- storage_list.c */
void storage_list(struct standin_request *request, const char *rest);
/* -- storage_buckets.c */
void storage_remove_objects(struct standin_request *request, const char *rest);
void storage_buckets(struct standin_request *request, const char *rest);
#endif
