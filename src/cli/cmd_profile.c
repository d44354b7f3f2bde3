/* cmd_profile.c - darkroom profile: latency of calls to models, and the timeout derived from it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/latency_profile.h"
#include "cli/command.h"
#include "io/file.h"
#include "term/table.h"

enum { PROFILE_BYTES = 1 << 20 };

static void add_seconds(cJSON *row, const char *key, double seconds)
{
    char text[24];

    snprintf(text, sizeof text, isfinite(seconds) ? "%.1f s" : "-", seconds);
    cJSON_AddStringToObject(row, key, text);
}

static void print_table(const struct profile *profile, uint32_t most_ms)
{
    static const struct column columns[] = {
        { "model", "MODEL", 40 }, { "size", "SIZE", 0 }, { "quality", "QUALITY", 0 },
        { "count", "CALLS", 0 },  { "p50", "P50", 0 },   { "p95", "P95", 0 },
        { "p99", "P99", 0 },      { "usd", "USD", 0 },   { "wait", "TIMEOUT", 0 },
    };
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < profile->count; i++) {
        const struct profile_call *call = &profile->calls[i];
        cJSON *row = cJSON_CreateObject();
        char text[48] = "text";

        if (call->size.width > 0) {
            snprintf(text, sizeof text, "%dx%d", call->size.width, call->size.height);
        }
        cJSON_AddStringToObject(row, "model", call->model);
        cJSON_AddStringToObject(row, "size", text);
        cJSON_AddStringToObject(row, "quality", call->quality);
        cJSON_AddNumberToObject(row, "count", (double)call->count);
        add_seconds(row, "p50", call->p50);
        add_seconds(row, "p95", call->p95);
        add_seconds(row, "p99", call->p99);
        snprintf(text, sizeof text, isfinite(call->usd) ? "%.4f" : "-", call->usd);
        cJSON_AddStringToObject(row, "usd", text);
        add_seconds(row, "wait", profile_timeout_ms(call, most_ms) / 1e3);
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

/* The profile in one line; files have it in many. */
static void print_json(const char *text)
{
    cJSON *profile = cJSON_Parse(text);

    table_json(stdout, profile, "profile");
    cJSON_Delete(profile);
}

static bool output(const struct settings *settings, const struct profile *profile,
                   struct error *err)
{
    const char *out = setting_text(settings, "out");
    struct text text;
    bool good = true;

    text_begin(&text, PROFILE_BYTES);
    profile_print(profile, &text);
    if (out) {
        good = file_write(out, text.data, text.size, err);
    } else if (setting_flag(settings, "json")) {
        print_json(text.data);
    } else if (profile->count == 0) {
        fprintf(stderr, "no calls to models were recorded in this period\n");
    } else {
        print_table(profile, (uint32_t)setting_int(settings, "request-timeout") * 1000);
    }
    text_end(&text);
    return good;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session = NULL;
    struct profile *profile = NULL;

    (void)argc;
    (void)argv;
    if (setting_text(settings, "out") && setting_flag(settings, "json")) {
        error_set(err, ERROR_INPUT, "--out and --json exclude each other: the file is JSON");
        return 0;
    }
    if (!setting_text(settings, "profile")) {
        session = database_open(settings, "profile", err);
        if (!session) {
            return 0;
        }
    }
    if (latency_profile_load(settings, session, (int)setting_int(settings, "days"), &profile,
                             err) &&
        !output(settings, profile, err)) {
        free(profile);
        profile = NULL;
    }
    free(profile);
    if (session) {
        sql_close(session);
    }
    return err->kind == ERROR_NONE ? 0 : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = {
    "days", "out", "json", "profile", "request-timeout", "database-url", NULL,
};

const struct command command_profile = {
    .name = "profile",
    .arguments = "",
    .summary = "show the latency of calls to models and the timeout derived from it",
    .examples = "  darkroom profile                      # of the last 14 days, from the database\n"
                "  darkroom profile --days 60 --out profile.json\n"
                "  darkroom profile --profile run/profile.json  # measured by bench\n",
    .settings = settings_taken,
    .output = output_profile,
    .run = run,
};
