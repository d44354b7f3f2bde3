/* fetch.c - fetches files whose URLs the application's database contains. */
#include "store/store.h"

enum { FILE_MAX = 50 << 20, TIMEOUT_MS = 60 * 1000 };

bool fetch_begin(const struct store *store, const struct store_target *at, const char *url,
                 struct arena *arena, struct op *op, struct error *err)
{
    struct object object = { 0 };

    if (object_of_url(at, url, arena, &object)) {
        return store->get(at, &object, arena, op, err);
    }
    op->kind = OP_HTTP;
    op->timeout_ms = TIMEOUT_MS;
    op->http.method = "GET";
    op->http.url = url;
    op->http.untrusted_url = true;
    op->http.max_response_bytes = FILE_MAX;
    return true;
}

bool fetch_done(const struct store *store, struct op *op, struct blob *out, struct error *err)
{
    int status = op->http_response.status;

    if (!op->http.untrusted_url) {
        return store->get_done(&(struct object){ 0 }, op, out, err);
    }
    if (status == 404 || status == 410 || status == 403) {
        return error_set(err, ERROR_INPUT, "it is not at its address (HTTP %d)", status);
    }
    if (status != 200) {
        return error_set(err, ERROR_REMOTE, "its server answered HTTP %d", status);
    }
    *out = blob_move(&op->http_response.body);
    return true;
}
