/* response_status.c - what a status means if the response has no known code. */
#include "providers/response/response.h"

/* Statuses that say nothing about the content of the request: only the address, or a server between
 * here and the model, can cause them. */
static bool is_about_address(int status)
{
    static const int statuses[] = { 405, 406, 410, 411, 415, 421, 426, 451 };

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (status == statuses[i]) {
            return true;
        }
    }
    return status >= 300 && status < 400;
}

/* Models reject the content of a request with these, or with an error in a response of 200. Others
 * come from servers in front of the model, such as 408, 425 or 499, or are limits that may be too
 * low for all requests, or for this one: 413, 414, 431, 494. */
static bool is_about_content(int status)
{
    return status < 300 || status == 400 || status == 422;
}

void response_status(const struct endpoint *at, int status, const char *message, bool is_page,
                     struct error *err)
{
    const char *title = at->provider->title;
    const char *reason = message[0] ? message : "no reason given";
    const char *key_variable = provider_key_variable(at->provider);

    if (status == 401 || status == 403) {
        error_set(err, ERROR_KEY, "%s refused access (HTTP %d): %.200s", title, status, reason);
        if (key_variable) {
            error_hint(err, "Check %s.", key_variable);
        }
    } else if (status == 404) {
        error_set(err, ERROR_CONFIG, "%s does not know this address or model (HTTP 404): %.200s",
                  title, reason);
    } else if (status == 402) {
        error_set(err, ERROR_QUOTA, "the account has no credit (HTTP 402): %.200s", reason);
    } else if (status == 429 || status == 503 || status == 529) {
        error_set(err, ERROR_BUSY, "%s %s (HTTP %d)", title,
                  status == 429 ? "limits the request rate" : "is overloaded", status);
    } else if (status >= 500) {
        error_set(err, ERROR_REMOTE, "%s reports an internal error (HTTP %d)", title, status);
    } else if (is_about_address(status)) {
        error_set(err, ERROR_CONFIG, "%s %s (HTTP %d): %.160s", title,
                  status < 400 ? "redirects to another address" : "does not serve this address",
                  status, reason);
        error_hint(err, "Check the base URL of the provider.");
    } else if (!is_about_content(status) || is_page) {
        error_set(err, ERROR_REMOTE, "%s did not accept the request (HTTP %d): %.200s", title,
                  status, reason);
    } else {
        error_set(err, ERROR_INPUT, "%s refused the request (HTTP %d): %.200s", title, status,
                  reason);
        err->cause = ERROR_CAUSE_UNEXPLAINED;
    }
}
