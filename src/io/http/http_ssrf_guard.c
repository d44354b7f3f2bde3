/* http_ssrf_guard.c - an untrusted URL may only reach public addresses.
 *
 * The check is on the address that the socket is really connected to, so that no notation
 * ("0x7f.1", "[::ffff:10.0.0.1]"), redirect or changing DNS reply can bypass it. The ranges are
 * those of IANA's special-purpose address registries (RFC 6890 and its updates). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/http/http_internal.h"

struct range4 {
    uint32_t base;
    int bits;
};

static const struct range4 internal_v4[] = {
    { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
    { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
    { 0xc0586300, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 },
    { 0xcb007100, 24 }, { 0xe0000000, 3 },
};

static bool is_internal_v4(uint32_t address)
{
    for (size_t i = 0; i < sizeof internal_v4 / sizeof *internal_v4; i++) {
        if ((address ^ internal_v4[i].base) >> (32 - internal_v4[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t v4_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_internal_v6(const uint8_t *a)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b };
    static const uint8_t zeros[12] = { 0 };

    if (memcmp(a, mapped, 12) == 0 || memcmp(a, zeros, 12) == 0) {
        return memcmp(a, zeros, 12) == 0 || is_internal_v4(v4_at(a + 12));
    }
    if (memcmp(a, nat64, 12) == 0) {
        return is_internal_v4(v4_at(a + 12));
    }
    if (a[0] == 0x20 && a[1] == 0x02) { /* 6to4 carries an IPv4 address */
        return true;
    }
    if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0) { /* so does Teredo */
        return true;
    }
    /* fc00::/7 unique local, fe80::/10 link local, ff00::/8 multicast, 2001:db8::/32 documentation
     */
    return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0x80) == 0x80) || a[0] == 0xff ||
           (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8) || (a[0] & 0xe0) != 0x20;
}

bool http_address_is_internal(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        return is_internal_v4(
            ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        return is_internal_v6(
            ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
    }
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 ==
               127;
    }
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

static unsigned port_of(const struct sockaddr *address)
{
    return ntohs(address->sa_family == AF_INET
                     ? ((const struct sockaddr_in *)(const void *)address)->sin_port
                     : ((const struct sockaddr_in6 *)(const void *)address)->sin6_port);
}

curl_socket_t http_guard_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    const struct sockaddr *to = (const struct sockaddr *)&address->addr;
    bool allowed = transfer->trusted || !http_address_is_internal(to) ||
                   (transfer->http->config.allow_loopback_fetch && is_loopback(to));

    if (purpose != CURLSOCKTYPE_IPCXN || !allowed) {
        transfer->not_allowed = true;
        return CURL_SOCKET_BAD;
    }
    /* http_guard_url checks only the first URL: a redirect may name another port */
    if (!transfer->trusted && !transfer->http->config.allow_loopback_fetch && port_of(to) != 443) {
        transfer->port_not_allowed = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool part_is(CURLU *url, CURLUPart part, const char *want)
{
    char *text = NULL;
    bool same =
        curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK && strcmp(text, want) == 0;

    curl_free(text);
    return same;
}

static bool under_trusted_origin(const struct transfer *transfer, const char *url)
{
    const char *origin = transfer->http->trusted_origin;
    size_t size = origin ? strlen(origin) : 0;

    return size > 0 && strncmp(url, origin, size) == 0 && url[size] == '/';
}

bool http_guard_url(struct transfer *transfer, const char *text, struct error *err)
{
    bool loose = transfer->http->config.allow_loopback_fetch;
    CURLU *url = curl_url();
    bool https, good;

    transfer->trusted = under_trusted_origin(transfer, text);
    if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK) {
        curl_url_cleanup(url);
        return error_set(err, ERROR_INPUT, "the address of the image is not a web address");
    }
    https = part_is(url, CURLUPART_SCHEME, "https");
    good = transfer->trusted || (https && part_is(url, CURLUPART_PORT, "443")) ||
           (loose && (https || part_is(url, CURLUPART_SCHEME, "http")));
    curl_url_cleanup(url);
    if (!good) {
        error_set(err, ERROR_INPUT, "the address of the image is not allowed");
        return error_hint(err, "Only https addresses on port 443 are fetched.");
    }
    return true;
}
