/* listen_address.c - reads "[ADDRESS:]PORT". */
#include "dashboard/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(const char *text, struct error *err)
{
    error_set(err, ERROR_CONFIG, "the address '%.80s' to listen on is not valid", text);
    return error_hint(err, "Write a port, such as 8080, or an address and a port, such as "
                           "127.0.0.1:8080 or [::1]:8080.");
}

static bool read_port(const char *text, in_port_t *port)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end || value > 65535) {
        return false;
    }
    *port = htons((in_port_t)value);
    return true;
}

/* Splits off the address, without its brackets. Returns the text of the port; NULL if the form is
 * wrong. */
static const char *split(const char *text, char *address, size_t size)
{
    const char *colon = strrchr(text, ':');
    const char *first = text, *end = colon;

    if (!colon) {
        snprintf(address, size, "127.0.0.1");
        return text;
    }
    if (text[0] == '[') {
        first++;
        end = colon - 1;
        if (end < first || *end != ']') {
            return NULL;
        }
    } else if (memchr(text, ':', (size_t)(colon - text))) {
        return NULL; /* an IPv6 address without brackets */
    }
    if (end == first || (size_t)(end - first) >= size) {
        return NULL;
    }
    memcpy(address, first, (size_t)(end - first));
    address[end - first] = '\0';
    return colon + 1;
}

bool listen_address_read(const char *text, struct listen_address *out, struct error *err)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&out->socket;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&out->socket;
    char address[56];
    const char *port = split(text, address, sizeof address);

    *out = (struct listen_address){ 0 };
    if (!port) {
        return refuse(text, err);
    }
    if (strcmp(address, "localhost") == 0) {
        snprintf(address, sizeof address, "127.0.0.1");
    }
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        bool any = four->sin_addr.s_addr == htonl(INADDR_ANY);

        four->sin_family = AF_INET;
        out->loopback = (ntohl(four->sin_addr.s_addr) >> 24) == 127;
        snprintf(out->host, sizeof out->host, "%s", any ? "127.0.0.1" : address);
        return read_port(port, &four->sin_port) || refuse(text, err);
    }
    if (text[0] == '[' && inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
        bool any = IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr);

        six->sin6_family = AF_INET6;
        out->loopback = IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
        snprintf(out->host, sizeof out->host, "[%s]", any ? "::1" : address);
        return read_port(port, &six->sin6_port) || refuse(text, err);
    }
    return refuse(text, err);
}
