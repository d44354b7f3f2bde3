/* provider_endpoint.h - a provider's endpoint, from the settings that it declares. */
#ifndef APP_PROVIDER_ENDPOINT_H
#define APP_PROVIDER_ENDPOINT_H
#include "providers/provider.h"
#include "settings/settings.h"

/* Fills *out from the provider's own settings, so that a key never reaches another provider. What
 * it points to belongs to `settings`. */
void provider_endpoint(const struct settings *settings, const struct provider *provider,
                       struct endpoint *out);
#endif
