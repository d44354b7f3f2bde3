/* host_check.h - protects against pages of other sites that reach the dashboard through a browser.
 *
 * DNS rebinding: a page of evil.example lets its name point to 127.0.0.1 and reads the answers. Its
 * requests have the header "Host: evil.example", so only addresses, localhost and the names that an
 * operator gives are accepted. Cross-site requests: a request that changes something must have an
 * Origin that is the Host. */
#ifndef DASHBOARD_HOST_CHECK_H
#define DASHBOARD_HOST_CHECK_H
#include <stdbool.h>

/* `names`: accepted host names, one per line; may be NULL. The port is not compared, since a tunnel
 * may have another one. `host` may be NULL: not accepted. */
bool host_is_accepted(const char *host, const char *names);
/* True for "http://HOST" and "https://HOST", with the same port. Both may be NULL. */
bool origin_is_host(const char *origin, const char *host);
/* Copies scheme, host and port of an http or https URL; "" if it has none, or contains a character
 * that would end a source of a content security policy. */
void origin_of_url(const char *url, char *out, int size);
#endif
