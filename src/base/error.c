/* error.c - the consequences of each kind of error, and formatting of error texts. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/secret.h"
#include "base/unicode/character.h"

#undef error_set
#undef error_hint

enum { FORMAT_BYTES = 4096 };

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
    [ERROR_FORMAT] = { .name = "format",
                       .retry = true,
                       .pauses_provider = true,
                       .exit_status = EXIT_STATUS_CONFIG },
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

int error_exit_status(const struct error *err)
{
    return err->kind == ERROR_INPUT && err->cause == ERROR_CAUSE_EMPTY
               ? EXIT_STATUS_EMPTY
               : error_rule(err->kind)->exit_status;
}

/* Formats, overwrites secrets and only then cuts the text: a part of a secret that is cut would not
 * be recognised. */
static void format(char *out, size_t size, const char *fmt, va_list list)
{
    char text[FORMAT_BYTES];

    vsnprintf(text, sizeof text, fmt, list);
    secret_copy(out, size, text); /* a server may quote the key that it rejects */
    character_make_one_line(out);
    explicit_bzero(text, sizeof text);
}

bool error_set(struct error *e, enum error_kind kind, const char *fmt, ...)
{
    char text[sizeof e->text]; /* the arguments may be parts of *e itself */
    va_list list;

    va_start(list, fmt);
    format(text, sizeof text, fmt, list);
    va_end(list);
    *e = (struct error){ .kind = kind };
    memcpy(e->text, text, sizeof text);
    return false;
}

bool error_hint(struct error *e, const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    format(e->hint, sizeof e->hint, fmt, list);
    va_end(list);
    return false;
}
