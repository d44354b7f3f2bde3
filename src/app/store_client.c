/* store_client.c - a loop and HTTP for the store, and for the photos of sellers. */
#include "app/store_client.h"

#include "io/http/http.h"
#include "io/loop.h"

enum { IN_TRANSIT = 128 << 20 };

bool store_client_open(const struct settings *settings, struct store_client *out, struct error *err)
{
    struct http_config config = { .user_agent = "darkroom/" DARKROOM_VERSION,
                                  .max_buffered_bytes = IN_TRANSIT,
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

void store_client_close(struct store_client *reach)
{
    if (reach->http) {
        http_free(reach->http);
    }
    if (reach->performer) {
        perform_free(reach->performer);
    }
    if (reach->loop) {
        loop_free(reach->loop);
    }
    worker_setup_free(&reach->worker_setup);
    *reach = (struct store_client){ 0 };
}
