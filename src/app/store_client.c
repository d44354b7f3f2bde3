/* store_client.c - opens the store with a loop and HTTP of its own. */
#include "app/store_client.h"

#include "io/http/http.h"
#include "io/loop.h"

enum { MAX_BUFFERED_BYTES = 128 << 20 };

bool store_client_open(const struct settings *settings, struct store_client *out, struct error *err)
{
    struct http_config config = { .user_agent = "darkroom/" DARKROOM_VERSION,
                                  .max_buffered_bytes = MAX_BUFFERED_BYTES,
                                  .allow_loopback_fetch =
                                      setting_flag(settings, "allow-loopback-fetch") };

    *out = (struct store_client){ 0 };
    if (!worker_setup_store(settings, &out->worker_setup, err)) {
        return false;
    }
    config.trusted_origin = out->worker_setup.base_url;
    if (!(out->loop = loop_new(0, err)) || !(out->http = http_new(out->loop, &config, err))) {
        return false;
    }
    out->performer = perform_new(out->loop, out->http, NULL);
    return true;
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
