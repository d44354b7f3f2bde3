/* dashboard_request.c - reads headers, parameters and the token of a request. */
#include <string.h>

#include "dashboard/dashboard_internal.h"

static const char *value_of(const struct dashboard_request *request, enum MHD_ValueKind kind,
                            const char *name)
{
    const char *value = NULL;
    size_t size = 0;

    if (MHD_lookup_connection_value_n(request->connection, kind, name, strlen(name), &value,
                                      &size) != MHD_YES ||
        !value || strlen(value) != size || utf8_length(value) == SIZE_MAX) {
        return NULL;
    }
    return value;
}

const char *dashboard_header(const struct dashboard_request *request, const char *name)
{
    return value_of(request, MHD_HEADER_KIND, name);
}

const char *dashboard_parameter(const struct dashboard_request *request, const char *name)
{
    return value_of(request, MHD_GET_ARGUMENT_KIND, name);
}

/* Looks for NAME=VALUE among the cookies; a browser may send several, of other programs too. */
static bool has_cookie(const struct dashboard *dashboard, const char *cookies)
{
    size_t name = strlen(dashboard->cookie_name);

    for (const char *at = cookies; at && *at;) {
        size_t size;

        at += strspn(at, "; ");
        size = strcspn(at, ";");
        if (size > name && strncmp(at, dashboard->cookie_name, name) == 0 && at[name] == '=' &&
            access_token_cookie_matches(dashboard->config.token, at + name + 1, size - name - 1)) {
            return true;
        }
        at += size;
    }
    return false;
}

enum admission dashboard_admission(const struct dashboard_request *request)
{
    static const char bearer[] = "Bearer ";
    const char *header = dashboard_header(request, "Authorization");

    if (header && strncmp(header, bearer, sizeof bearer - 1) == 0) {
        bool good =
            access_token_matches(request->dashboard->config.token, header + sizeof bearer - 1);

        return good ? ADMITTED_BY_HEADER : NOT_ADMITTED;
    }
    return has_cookie(request->dashboard, dashboard_header(request, "Cookie")) ? ADMITTED_BY_COOKIE
                                                                               : NOT_ADMITTED;
}
