/* storage_request.c - helpers of the storage routes: errors, paths, JSON bodies. */
#include "standin/storage/storage_request.h"
#include "standin/storage/storage_folder.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

bool storage_split(struct standin_request *request, const char *rest, bool needs_key,
                   struct storage_path *out)
{
    char name[BUCKET_NAME];
    size_t size = strcspn(rest, "/");

    snprintf(name, sizeof name, "%.*s", (int)size, rest);
    out->key = rest[size] ? rest + size + 1 : "";
    out->bucket =
        size > 0 && size < sizeof name ? storage_bucket(request->standin->storage, name) : NULL;
    if (needs_key && !storage_key_valid(out->key)) {
        return storage_refuse(request, "400", "InvalidKey", "InvalidKey", "Invalid key");
    }
    return out->bucket ||
           storage_refuse(request, "404", "Bucket not found", "NoSuchBucket", "Bucket not found");
}

bool storage_body(struct standin_request *request)
{
    struct error err;

    return json_parse(request->body.data, request->body.size, "body", &request->tree, &err) ||
           storage_refuse(request, "400", "Error", "InvalidRequest", "body must be object");
}
