/* http_ca.h - checks files of certificate authorities. */
#ifndef IO_HTTP_HTTP_CA_H
#define IO_HTTP_HTTP_CA_H
#include "base/error.h"

/* Counts the certificates of a PEM file. ERROR_CONFIG if it cannot be read or contains none. */
bool http_ca_count(const char *file, int *count, struct error *err) MUST_CHECK;
/* The file of authorities that is used without a setting. */
const char *http_ca_default(void);
#endif
