/* http_address.h - the addresses of servers, as people write them into settings. */
#ifndef IO_HTTP_HTTP_ADDRESS_H
#define IO_HTTP_HTTP_ADDRESS_H
#include "base/error.h"

/* Reads the address of a server or of an API ("https://host/v1?api-version=1"). Scheme and host
 * become lower case; a default port and slashes at the end of the path are dropped; a query is
 * kept. ERROR_INPUT, in words that follow the name of a setting, if it is no http or https URL or
 * has a fragment. The caller frees *out. */
bool http_address_read(const char *text, char **out, struct error *err) MUST_CHECK;
#endif
