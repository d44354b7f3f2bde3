/* finding.c - the result of a check. */
#include "doctor/finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/secret.h"
#include "base/unicode/character.h"

enum { FORMAT_BYTES = 4096 };

/* Overwrites secrets before the text is cut, and characters that could act on a terminal. */
static void format(char *out, size_t size, const char *fmt, va_list list)
{
    char text[FORMAT_BYTES];

    vsnprintf(text, sizeof text, fmt, list);
    secret_copy(out, size, text);
    character_make_one_line(out);
}

void doctor_finding_set(struct doctor_finding *out, enum doctor_status status, const char *fmt, ...)
{
    va_list list;

    *out = (struct doctor_finding){ .status = status };
    va_start(list, fmt);
    format(out->text, sizeof out->text, fmt, list);
    va_end(list);
}

void doctor_finding_hint(struct doctor_finding *out, const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    format(out->hint, sizeof out->hint, fmt, list);
    va_end(list);
}

void doctor_finding_from_error(struct doctor_finding *out, const struct error *err)
{
    doctor_finding_set(out, DOCTOR_FAIL, "%s", err->text);
    doctor_finding_hint(out, "%s", err->hint);
}
