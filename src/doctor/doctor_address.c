/* doctor_address.c - hints about addresses, by the cause of the failure. */
#include "doctor/doctor_address.h"

#include <stdio.h>
#include <string.h>

/* Parts of the texts of failed transfers (io/http/http_error.c), and what to check. */
static const char *const checks_of[][2] = {
    { "resolve host name", "the host name, and the DNS of this machine" },
    { "connect to server", "host and port, that the server runs, and firewalls in between" },
    { "SSL connect error", "scheme and port: no TLS answers there" },
    { "did not answer in time", "the address, firewalls and proxies in between" },
    { "did not answer with HTTP", "host and port: another service listens there" },
    { "", "the address, and what is between" },
};

void doctor_address_hint(const struct settings *settings, const char *name,
                         struct doctor_finding *out)
{
    size_t i = 0;

    if (out->hint[0]) {
        return;
    }
    while (!strstr(out->text, checks_of[i][0])) {
        i++;
    }
    if (name && setting_text(settings, name)) {
        doctor_finding_hint(out, "Check --%s (from %s): %s.", name, setting_source(settings, name),
                            checks_of[i][1]);
    } else {
        doctor_finding_hint(out,
                            "Check the network of this machine: DNS, firewall, and HTTPS_PROXY "
                            "if it needs a proxy.");
    }
}
