/* host_check.c - compares the headers Host and Origin. */
#include "dashboard/host_check.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HOST_BYTES = 256 };

/* Copies the host without its port. Returns false if it is too long, or the port is no number. */
static bool without_port(const char *host, char *out, size_t size)
{
    const char *end = host[0] == '[' ? strchr(host, ']') : strchr(host, ':');
    const char *port;

    if (host[0] == '[') {
        if (!end) {
            return false;
        }
        end++;
    } else if (!end) {
        end = host + strlen(host);
    }
    port = *end == ':' ? end + 1 : end;
    if ((size_t)(end - host) >= size || end == host || (*end && *end != ':') ||
        port[strspn(port, "0123456789")]) {
        return false;
    }
    memcpy(out, host, (size_t)(end - host));
    out[end - host] = '\0';
    return true;
}

static bool is_address(char *host)
{
    struct in6_addr address;
    size_t size = strlen(host);

    if (host[0] == '[') {
        host[size - 1] = '\0';
        return inet_pton(AF_INET6, host + 1, &address) == 1;
    }
    return inet_pton(AF_INET, host, &address) == 1;
}

static bool is_named(const char *host, const char *names)
{
    size_t size = strlen(host);

    for (const char *at = names; at && *at; at += strcspn(at, "\n"), at += *at == '\n') {
        if (strcspn(at, "\n") == size && strncasecmp(at, host, size) == 0) {
            return true;
        }
    }
    return false;
}

bool host_is_accepted(const char *host, const char *names)
{
    char name[HOST_BYTES];

    return host && without_port(host, name, sizeof name) &&
           (strcasecmp(name, "localhost") == 0 || is_named(name, names) || is_address(name));
}

bool origin_is_host(const char *origin, const char *host)
{
    const char *rest;

    if (!origin || !host) {
        return false;
    }
    rest = strncmp(origin, "http://", 7) == 0    ? origin + 7
           : strncmp(origin, "https://", 8) == 0 ? origin + 8
                                                 : NULL;
    return rest && strcasecmp(rest, host) == 0;
}

void origin_of_url(const char *url, char *out, int size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                ".-_:[]";
    size_t scheme = !url                               ? 0
                    : strncmp(url, "http://", 7) == 0  ? 7
                    : strncmp(url, "https://", 8) == 0 ? 8
                                                       : 0;
    size_t host = scheme ? strspn(url + scheme, plain) : 0;

    out[0] = '\0';
    if (host > 0 && (url[scheme + host] == '\0' || url[scheme + host] == '/') &&
        scheme + host < (size_t)size) {
        snprintf(out, (size_t)size, "%.*s", (int)(scheme + host), url);
    }
}
