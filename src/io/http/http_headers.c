/* http_headers.c - reading the response headers that darkroom uses. */
#include "io/http/http_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

int64_t http_duration_ms(const char *text)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
    double total = 0;

    if (!isdigit((unsigned char)*text)) {
        return -1;
    }
    while (*text) {
        char *end;
        double value = strtod(text, &end);
        size_t i = 0, length = 0;

        if (end == text) {
            return -1;
        }
        while (isalpha((unsigned char)end[length])) {
            length++;
        }
        for (; i < 5; i++) {
            if (strlen(units[i].unit) == length && strncmp(end, units[i].unit, length) == 0) {
                break;
            }
        }
        if (i == 5) {
            return -1;
        }
        total += value * units[i].ms;
        text = end + length;
    }
    return total >= 0 && total < 1e12 ? (int64_t)total : -1;
}

enum { LONGEST_DELAY_MS = 24 * 3600 * 1000 };

/* A whole number from 0 to max; -1 if the text is not one. */
static int64_t whole_number(const char *text, int64_t max)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0 && value >= 0 && value <= max ? value : -1;
}

/* Reads a number, which may have a fraction, in units of unit_ms. A day is the longest delay.
 * Returns 0 if the text is not a positive number. */
static uint32_t delay_of_number(const char *text, double unit_ms)
{
    char *end;
    double value = strtod(text, &end);

    if (!isdigit((unsigned char)*text) || *end != '\0' || !(value > 0)) {
        return 0;
    }
    value = value < LONGEST_DELAY_MS ? value * unit_ms : LONGEST_DELAY_MS;
    return value < LONGEST_DELAY_MS ? (uint32_t)value : LONGEST_DELAY_MS;
}

/* Reads an HTTP date. Returns 0 if the text is none or its time has passed. */
static uint32_t delay_of_date(const char *text)
{
    time_t until = isalpha((unsigned char)*text) ? curl_getdate(text, NULL) : -1;
    int64_t left_ms = (int64_t)until * 1000 - clock_wall_ms();

    return until < 0 || left_ms <= 0    ? 0
           : left_ms < LONGEST_DELAY_MS ? (uint32_t)left_ms
                                        : LONGEST_DELAY_MS;
}

/* Retry-After has seconds or a date. retry-after-ms takes precedence. */
static void read_retry_after(struct http_response *got, const char *name, const char *value)
{
    if (strcasecmp(name, "retry-after-ms") == 0) {
        uint32_t delay_ms = delay_of_number(value, 1);

        got->retry_after_ms = delay_ms > 0 ? delay_ms : got->retry_after_ms;
    } else if (got->retry_after_ms == 0) {
        uint32_t delay_ms = delay_of_number(value, 1000);

        got->retry_after_ms = delay_ms > 0 ? delay_ms : delay_of_date(value);
    }
}

static void read_header(struct http_response *got, const char *name, const char *value)
{
    if (strcasecmp(name, "content-type") == 0) {
        snprintf(got->content_type, sizeof got->content_type, "%s", value);
    } else if (strcasecmp(name, "x-request-id") == 0) {
        snprintf(got->request_id, sizeof got->request_id, "%s", value);
    } else if (strcasecmp(name, "retry-after") == 0 || strcasecmp(name, "retry-after-ms") == 0) {
        read_retry_after(got, name, value);
    } else if (strcasecmp(name, "openai-processing-ms") == 0) {
        got->processing_ms = whole_number(value, INT32_MAX);
    } else if (strcasecmp(name, "x-ratelimit-limit-requests") == 0) {
        got->limit_requests = whole_number(value, INT32_MAX);
    } else if (strcasecmp(name, "x-ratelimit-remaining-requests") == 0) {
        got->remaining_requests = whole_number(value, INT32_MAX);
    } else if (strcasecmp(name, "x-ratelimit-reset-requests") == 0) {
        got->reset_requests_ms = http_duration_ms(value);
    } else if (strcasecmp(name, "x-should-retry") == 0) {
        got->should_retry = value[0] == 't' || value[0] == 'f' ? value[0] : 0;
    }
}

size_t http_headers_receive(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    char copy[512], *colon, *value;

    transfer->header_bytes += length;
    if (length > 5 && strncmp(line, "HTTP/", 5) ==
                          0) { /* the first line of a response: forget a redirect's headers */
        struct http_response *got = &transfer->op->http_response;
        bool interim = length >= 10 && strncmp(line, "HTTP/1.1 1", 10) == 0;

        transfer->first_us = interim ? 0 : clock_mono_us();
        got->retry_after_ms = 0;
        got->content_type[0] = got->request_id[0] = '\0';
        return length;
    }
    if (length >= sizeof copy) {
        return length; /* longer than any header that is used */
    }
    memcpy(copy, line, length);
    copy[length] = '\0';
    colon = strchr(copy, ':');
    if (!colon) {
        return length;
    }
    *colon = '\0';
    for (value = colon + 1; *value == ' ' || *value == '\t';) {
        value++;
    }
    for (char *end = value + strlen(value); end > value && isspace((unsigned char)end[-1]);) {
        *--end = '\0';
    }
    for (char *at = value; *at; at++) { /* shown in logs: only printable ASCII */
        *at = *at >= ' ' && *at < 0x7f ? *at : '?';
    }
    read_header(&transfer->op->http_response, copy, value);
    return length;
}
