/* bench_command.c - the command that repeats a run, as shown in reports. */
#include <stdio.h>
#include <string.h>

#include "bench/command/bench_setup.h"

static const char *const recorded_flags[] = {
    "targets",   "sweep",     "concurrency", "rate",         "arrivals",
    "in-flight", "requests",  "duration",    "warm-up",      "max-cost",
    "seed",      "replay",    "prompt-file", "photo",        "request-timeout",
    "workload",  "find-load", "p95-below",   "until-decided"
};

/* Copies a text; in URLs it replaces user name and password, and the query string, by "...". */
static void add_without_secrets(struct text *out, const char *value)
{
    while (*value) {
        const char *address = strstr(value, "://"), *end, *at = NULL, *query;

        if (!address) {
            break;
        }
        address += 3;
        end = address + strcspn(address, ", '\"");
        text_add_bytes(out, value, (size_t)(address - value));
        for (const char *c = address; c < end && *c != '/' && *c != '?'; c++) {
            at = *c == '@' ? c : at; /* the last @, since a password may contain one */
        }
        if (at) {
            text_add(out, "...");
            address = at;
        }
        query = memchr(address, '?', (size_t)(end - address));
        text_add_bytes(out, address, (size_t)((query ? query : end) - address));
        text_add(out, query ? "?..." : "");
        value = end;
    }
    text_add(out, value);
}

void bench_command(const struct settings *settings, struct text *out)
{
    const char *line = setting_text(settings, "target");

    text_add(out, "darkroom bench");
    while (line && *line) {
        size_t size = strcspn(line, "\n");
        char one[500];

        snprintf(one, sizeof one, "%.*s", (int)size, line);
        text_add(out, " --target '");
        add_without_secrets(out, one);
        text_add(out, "'");
        line += size + (line[size] == '\n');
    }
    for (size_t i = 0; i < sizeof recorded_flags / sizeof *recorded_flags; i++) {
        if (strcmp(setting_source(settings, recorded_flags[i]), "flag") == 0) {
            text_printf(out, " --%s ", recorded_flags[i]);
            add_without_secrets(out, setting_text(settings, recorded_flags[i]));
        }
    }
}
