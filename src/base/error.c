/* error.c - the consequences of each kind of error, and formatting of error texts. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/secret.h"
#include "base/text.h"

#undef error_set
#undef error_hint

static const struct error_rule rules[ERROR_KINDS] = {
    [ERROR_NONE] = { .name = "ok", .exit_status = EXIT_STATUS_OK },
    [ERROR_INPUT] = { .name = "input", .spends_attempt = true, .exit_status = EXIT_STATUS_USAGE },
    [ERROR_CONFIG] = { .name = "config",
                       .retry = true,
                       .pauses_provider = true,
                       .exit_status = EXIT_STATUS_CONFIG },
    [ERROR_KEY] = { .name = "key",
                    .retry = true,
                    .pauses_provider = true,
                    .exit_status = EXIT_STATUS_KEY },
    [ERROR_QUOTA] = { .name = "quota",
                      .retry = true,
                      .pauses_provider = true,
                      .exit_status = EXIT_STATUS_QUOTA },
    [ERROR_REFUSED] = { .name = "refused",
                        .spends_attempt = true,
                        .exit_status = EXIT_STATUS_FAILED },
    [ERROR_BUSY] = { .name = "busy", .retry = true, .exit_status = EXIT_STATUS_UNAVAILABLE },
    [ERROR_REMOTE] = { .name = "remote",
                       .retry = true,
                       .spends_attempt = true,
                       .exit_status = EXIT_STATUS_UNAVAILABLE },
    [ERROR_NETWORK] = { .name = "network",
                        .retry = true,
                        .spends_attempt = true,
                        .exit_status = EXIT_STATUS_UNAVAILABLE },
    [ERROR_DATABASE] = { .name = "database",
                         .retry = true,
                         .exit_status = EXIT_STATUS_UNAVAILABLE },
    [ERROR_OUTPUT] = { .name = "output", .spends_attempt = true, .exit_status = EXIT_STATUS_CHECK },
    [ERROR_LOST] = { .name = "lost", .retry = true, .exit_status = EXIT_STATUS_FAILED },
    [ERROR_STOPPED] = { .name = "stopped", .retry = true, .exit_status = EXIT_STATUS_INTERRUPTED },
    [ERROR_INTERNAL] = { .name = "internal",
                         .retry = true,
                         .spends_attempt = true,
                         .exit_status = EXIT_STATUS_FAILED },
};

const struct error_rule *error_rule(enum error_kind kind)
{
    if ((unsigned)kind >= ERROR_KINDS) {
        kind = ERROR_INTERNAL;
    }
    return &rules[kind];
}

/* Size of the UTF-8 character at `at`. Returns 0 if it is invalid or truncated. */
static size_t character_size(const char *at)
{
    for (size_t size = 1; size <= 4; size++) {
        char one[5] = { 0 };

        memcpy(one, at, strnlen(at, size));
        if (utf8_length(one) == 1) {
            return size;
        }
    }
    return 0;
}

/* Makes the text one line of valid UTF-8. Quoted external text must not forge log lines, and
 * Postgres accepts only valid UTF-8. */
static void make_one_line(char *text)
{
    for (char *at = text; *at;) {
        size_t size = character_size(at);

        if (size == 0) {
            *at++ = '?';
        } else if (size == 1 && ((unsigned char)*at < ' ' || *at == 0x7f)) {
            *at++ = ' ';
        } else {
            at += size;
        }
    }
}

bool error_set(struct error *e, enum error_kind kind, const char *fmt, ...)
{
    char text[sizeof e->text]; /* the arguments may be parts of *e itself */
    va_list list;

    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    secret_scrub(text); /* a server may quote the key that it rejects */
    make_one_line(text);
    *e = (struct error){ .kind = kind };
    snprintf(e->text, sizeof e->text, "%s", text);
    return false;
}

bool error_hint(struct error *e, const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    vsnprintf(e->hint, sizeof e->hint, fmt, list);
    va_end(list);
    secret_scrub(e->hint);
    make_one_line(e->hint);
    return false;
}
