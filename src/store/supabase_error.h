/* supabase_error.h - what an error response of Supabase Storage, or of a server in front of it,
 * means. */
#ifndef STORE_SUPABASE_ERROR_H
#define STORE_SUPABASE_ERROR_H
#include "store/store.h"

enum supabase_request {
    SUPABASE_PUT,
    SUPABASE_GET, /* of a file that a user names: its bucket may be missing for this user only */
    SUPABASE_GET_PUBLIC, /* the same without the key: a file that is not public may be refused */
    SUPABASE_BUCKET      /* of a bucket: a missing file is a wrong setting */
};

/* Classifies a response that is not a success. `o`: the file of a put, or NULL. Returns false. */
bool supabase_error(const struct http_response *got, enum supabase_request request,
                    const struct object *o, struct error *err);
#endif
