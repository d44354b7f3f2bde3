/* provider_endpoint.c - a provider's endpoint, from the settings that it declares. */
#include "app/provider_endpoint.h"

void provider_endpoint(const struct settings *settings, const struct provider *provider,
                       struct endpoint *out)
{
    *out = (struct endpoint){ .provider = provider, .base_url = provider->base_url };
    for (int i = 0; provider->settings && provider->settings[i].name; i++) {
        const struct provider_setting *setting = &provider->settings[i];

        if (setting->use == PROVIDER_KEY) {
            out->key = setting_secret(settings, setting->name);
            continue;
        }
        out->values[i] = setting_text(settings, setting->name);
        if (setting->use == PROVIDER_BASE_URL && out->values[i]) {
            out->base_url = out->values[i];
        }
    }
}
