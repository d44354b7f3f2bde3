/* listen_address.h - where the dashboard listens: "[ADDRESS:]PORT". */
#ifndef DASHBOARD_LISTEN_ADDRESS_H
#define DASHBOARD_LISTEN_ADDRESS_H
#include <sys/socket.h>

#include "base/error.h"

struct listen_address {
    struct sockaddr_storage socket;
    bool loopback;
    char host[64]; /* for a URL on this machine: "127.0.0.1" also if it listens on every address */
};

/* Accepts 8080, 127.0.0.1:8080, localhost:8080, [::1]:8080 and 0.0.0.0:8080; port 0 is any free
 * one. Without an address: loopback. ERROR_CONFIG for anything else; host names are not resolved.
 */
bool listen_address_read(const char *text, struct listen_address *out,
                         struct error *err) MUST_CHECK;
#endif
