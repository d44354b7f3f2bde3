/* network.h - what the HTTP client takes from the settings. */
#ifndef APP_NETWORK_H
#define APP_NETWORK_H
#include "io/http/http.h"
#include "settings/settings.h"

/* Sets user agent and certificate authorities; the texts belong to the settings. ERROR_CONFIG if a
 * file of authorities cannot be used; the text names its source. */
bool network_config(const struct settings *settings, struct http_config *out,
                    struct error *err) MUST_CHECK;
#endif
