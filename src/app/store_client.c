/* store_client.c - a loop and HTTP for the store, and for the photos of sellers. */
#include "app/store_client.h"

#include "io/http/http.h"
#include "io/loop.h"

enum { IN_TRANSIT = 128 << 20 };

bool reach_open(const struct settings *settings, struct reach *out, struct error *err)
{
    struct http_config config = { .user_agent = "darkroom/" DARKROOM_VERSION,
                                  .answers_in_transit = IN_TRANSIT,
                                  .allow_loopback_fetch =
                                      setting_flag(settings, "allow-loopback-fetch") };

    *out = (struct reach){ 0 };
    if (!equip_store(settings, &out->equipped, err)) {
        return false;
    }
    config.trusted_origin = out->equipped.base_url;
    if (!(out->loop = loop_new(0, err)) || !(out->http = http_new(out->loop, &config, err))) {
        return false;
    }
    out->performer = perform_new(out->loop, out->http, NULL);
    return true;
}

void reach_close(struct reach *reach)
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
    equip_free(&reach->equipped);
    *reach = (struct reach){ 0 };
}
