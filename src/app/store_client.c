/* store_client.c - opens the store with a loop and HTTP of its own. */
#include "app/store_client.h"

#include "app/network.h"
#include "io/http/http.h"
#include "io/loop.h"

enum { MAX_BUFFERED_BYTES = 128 << 20, ATTEMPTS = 3, FIRST_DELAY_MS = 500 };

bool store_client_open(const struct settings *settings, struct store_client *out, struct error *err)
{
    struct http_config config = { .max_buffered_bytes = MAX_BUFFERED_BYTES,
                                  .allow_loopback_fetch =
                                      setting_flag(settings, "allow-loopback-fetch") };

    *out = (struct store_client){ 0 };
    if (!worker_setup_store(settings, &out->worker_setup, err) ||
        !network_config(settings, &config, err)) {
        return false;
    }
    config.trusted_origin = out->worker_setup.base_url;
    if (!(out->loop = loop_new(0, err)) || !(out->http = http_new(out->loop, &config, err))) {
        return false;
    }
    out->performer = perform_new(out->loop, out->http, NULL);
    return true;
}

/* True if a failed request should be sent again; sets the delay of the next one. */
static bool should_repeat(const struct error *err, int attempt, uint32_t *delay_ms)
{
    *delay_ms = err->retry_ms ? err->retry_ms : (uint32_t)FIRST_DELAY_MS << attempt;
    return error_rule(err->kind)->retry && attempt + 1 < ATTEMPTS;
}

static void perform_after(struct store_client *client, struct op *op, uint32_t delay_ms,
                          struct error *err)
{
    op->sleep_ms = delay_ms;
    perform_wait(client->performer, client->loop, op);
    *err = op->error;
}

bool store_client_remove(struct store_client *client, const struct object *objects, int count,
                         struct error *err)
{
    const struct job_context *job_context = &client->worker_setup.job_context;
    uint32_t delay_ms = 0;

    for (int attempt = 0;; attempt++) {
        struct arena *arena = arena_new();
        struct op op = { 0 };
        bool good =
            job_context->store->remove(&job_context->store_target, objects, count, arena, &op, err);

        if (good) {
            perform_after(client, &op, delay_ms, err);
            good = err->kind == ERROR_NONE && job_context->store->remove_done(&op, err);
            op_clear(&op);
        }
        arena_free(arena);
        if (good || !should_repeat(err, attempt, &delay_ms)) {
            return good;
        }
    }
}

bool store_client_list(struct store_client *client, const char *folder, int offset,
                       struct arena *arena, struct object_entry *out, int *count, struct error *err)
{
    const struct job_context *job_context = &client->worker_setup.job_context;
    uint32_t delay_ms = 0;

    for (int attempt = 0;; attempt++) {
        struct op op = { 0 };
        bool good = job_context->store->list(&job_context->store_target, job_context->bucket,
                                             folder, offset, arena, &op, err);

        if (good) {
            perform_after(client, &op, delay_ms, err);
            good = err->kind == ERROR_NONE &&
                   job_context->store->list_done(&op, arena, out, count, err);
            op_clear(&op);
        }
        if (good || !should_repeat(err, attempt, &delay_ms)) {
            return good;
        }
    }
}

bool store_client_fetch(struct store_client *client, const char *url,
                        const struct fetch_scope *scope, struct blob *out, struct error *err)
{
    const struct job_context *job_context = &client->worker_setup.job_context;
    uint32_t delay_ms = 0;

    for (int attempt = 0;; attempt++) {
        struct arena *arena = arena_new();
        struct op op = { 0 };
        bool good = fetch_begin(job_context->store, &job_context->store_target, url, scope, arena,
                                &op, err);

        if (good) {
            perform_after(client, &op, delay_ms, err);
            good = err->kind == ERROR_NONE &&
                   fetch_done(job_context->store, &job_context->store_target, &op, out, err);
            op_clear(&op);
        }
        arena_free(arena);
        if (good || !should_repeat(err, attempt, &delay_ms)) {
            return good;
        }
    }
}

struct thumbnail_maker store_client_thumbnails(const struct store_client *client)
{
    const struct job_context *job_context = &client->worker_setup.job_context;

    return (struct thumbnail_maker){ .loop = client->loop,
                                     .performer = client->performer,
                                     .store = job_context->store,
                                     .target = &job_context->store_target };
}

void store_client_close(struct store_client *client)
{
    if (client->http) {
        http_free(client->http);
    }
    if (client->performer) {
        perform_free(client->performer);
    }
    if (client->loop) {
        loop_free(client->loop);
    }
    worker_setup_free(&client->worker_setup);
    *client = (struct store_client){ 0 };
}
