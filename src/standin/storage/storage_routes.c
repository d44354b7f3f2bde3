/* storage_routes.c - /storage/v1/...: answers like Supabase Storage, including its odd statuses. */
#include <string.h>

#include "standin/standin_internal.h"
#include "standin/storage/storage_request.h"

static bool has_method(const struct standin_request *request, const char *method)
{
    return strcmp(request->record.method, method) == 0;
}

/* Accepts what the gateway accepts: a JWT in Authorization, or a secret key in apikey. supabase-js
 * sends a secret key in both headers; the gateway ignores Authorization then. */
static bool check_key(struct standin_request *request)
{
    const char *authorization = request_header(request, "Authorization");
    const char *key = request_header(request, "apikey");
    const char *agent = request_header(request, "User-Agent");
    const char *token = authorization ? authorization : "";
    int dots = 0;

    if (key && strncmp(key, "sb_secret_", 10) == 0 &&
        (!authorization || strcasestr(authorization, key))) {
        if (agent && strstr(agent, "Mozilla/")) {
            answer_storage_error(&request->answer, 401, "401", "Unauthorized", "AccessDenied",
                                 "Forbidden use of secret API key in "
                                 "browser");
            return false;
        }
        return true;
    }
    if (!authorization) {
        return storage_refuse(request, "400", "Error", "InvalidRequest",
                              "headers must have required property 'authorization'");
    }
    token += strncasecmp(token, "Bearer ", 7) == 0 ? 7 : 0;
    for (const char *at = token; *at; at++) {
        dots += *at == '.';
    }
    if (dots != 2 || strncmp(token, "eyJ", 3) != 0) {
        return storage_refuse(request, "403", "Unauthorized", "AccessDenied",
                              "Invalid Compact JWS");
    }
    return true;
}

struct storage_route {
    const char *methods, *path;
    bool open; /* no key needed */
    void (*run)(struct standin_request *request, const char *rest);
};

static const struct storage_route storage_routes[] = {
    /* a longer path before its prefix */
    { "GET HEAD", "object/public/", true, storage_download_public },
    { "GET HEAD", "object/sign/", true, storage_download_signed },
    { "POST", "object/sign/", false, storage_sign },
    { "POST", "object/upload/sign/", false, storage_sign_upload },
    { "PUT", "object/upload/sign/", true, storage_upload_signed },
    { "POST", "object/list/", false, storage_list },
    { "POST", "object/copy", false, storage_copy },
    { "POST", "object/move", false, storage_move },
    { "GET HEAD", "object/info/public/", true, storage_info },
    { "GET HEAD", "object/info/authenticated/", false, storage_info },
    { "GET HEAD", "object/info/", false, storage_info },
    { "GET HEAD", "object/authenticated/", false, storage_download },
    { "GET HEAD", "object/", false, storage_download },
    { "POST PUT", "object/", false, storage_upload },
    { "DELETE", "object/", false, storage_remove_objects },
    { "GET PUT POST DELETE", "bucket/", false, storage_buckets },
    { "GET POST", "bucket", false, storage_buckets },
};

void storage_handle(struct standin_request *request)
{
    const char *path = request->path + strlen("/storage/v1/");

    pthread_mutex_lock(&request->standin->lock);
    for (size_t i = 0;
         i < sizeof storage_routes / sizeof *storage_routes && !request->answer.status; i++) {
        const struct storage_route *route = &storage_routes[i];
        size_t size = strlen(route->path);

        if (strncmp(path, route->path, size) != 0 ||
            !strstr(route->methods, request->record.method)) {
            continue;
        }
        if (route->open || check_key(request)) {
            route->run(request, path + size);
        }
    }
    pthread_mutex_unlock(&request->standin->lock);
    if (!request->answer.status) {
        answer_storage_error(&request->answer, 404, "404", "Not Found", "NotFound",
                             "Route not found");
    }
    if (has_method(request, "HEAD") && request->answer.status >= 400) { /* HEAD has no body */
        answer_bytes(&request->answer, request->answer.status, "text/plain", "", 0);
    }
}
