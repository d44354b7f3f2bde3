/* http_proxy.h - which proxy of the environment a request uses. */
#ifndef IO_HTTP_HTTP_PROXY_H
#define IO_HTTP_HTTP_PROXY_H
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Returns the value of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY (or their lower-case names, which win)
 * that applies to a URL, and sets the name of the variable. NULL if none does: servers on this
 * machine are never reached through a proxy. NO_PROXY is not considered. */
const char *http_proxy_of(const char *url, const char **variable);
/* Writes "host:port" of a proxy, without its credentials. */
void http_proxy_describe(const char *proxy, char *out, size_t size);
/* Connects to a proxy and closes the connection. Blocks for at most five seconds. Fails with
 * ERROR_NETWORK. */
bool http_proxy_probe(const char *proxy, struct error *err) MUST_CHECK;
#endif
