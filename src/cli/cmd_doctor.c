/* cmd_doctor.c - darkroom doctor: asks everything that a worker needs, and says what to do. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "doctor/doctor.h"
#include "io/loop.h"
#include "term/table.h"
#include "term/term.h"

static const char *const verdict_names[] = { "ok", "warn", "fail", "skip" };
static const enum paint verdict_paints[] = { PAINT_GOOD, PAINT_WARN, PAINT_BAD, PAINT_DIM };

void finding_set(struct finding *out, enum verdict verdict, const char *fmt, ...)
{
    va_list list;

    *out = (struct finding){ .verdict = verdict };
    va_start(list, fmt);
    vsnprintf(out->text, sizeof out->text, fmt, list);
    va_end(list);
}

void finding_hint(struct finding *out, const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    vsnprintf(out->hint, sizeof out->hint, fmt, list);
    va_end(list);
}

void finding_of(struct finding *out, const struct error *err)
{
    finding_set(out, VERDICT_FAIL, "%s", err->text);
    finding_hint(out, "%s", err->hint);
}

static void tell(const struct settings *settings, const char *name, struct finding *finding)
{
    secret_scrub(finding->text);
    secret_scrub(finding->hint);
    if (setting_flag(settings, "json")) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "check", name);
        cJSON_AddStringToObject(row, "verdict", verdict_names[finding->verdict]);
        cJSON_AddStringToObject(row, "text", finding->text);
        cJSON_AddStringToObject(row, "hint", finding->hint);
        table_json(stdout, row);
        cJSON_Delete(row);
    } else {
        printf("%s%-4s%s  %-9s %s\n", term_paint(stdout, verdict_paints[finding->verdict]),
               verdict_names[finding->verdict], term_paint(stdout, PAINT_PLAIN), name,
               finding->text);
        if (finding->hint[0]) {
            printf("%17s%s\n", "", finding->hint);
        }
    }
    fflush(stdout); /* each as it comes: some take seconds */
}

static void look_all(struct doctor *doctor, const struct check_up *checks, int counts[])
{
    for (; checks->name; checks++) {
        struct finding finding = { .verdict = VERDICT_FAIL, .text = "nothing was found out" };

        checks->look(doctor, &finding);
        counts[finding.verdict]++;
        tell(doctor->settings, checks->name, &finding);
    }
}

static bool doctor_open(struct doctor *doctor, struct error *err)
{
    struct http_config http = { .user_agent = "darkroom/" DARKROOM_VERSION };

    doctor->arena = arena_new();
    doctor->loop = loop_new(1, err);
    doctor->http = doctor->loop ? http_new(doctor->loop, &http, err) : NULL;
    return doctor->http;
}

static void doctor_close(struct doctor *doctor)
{
    sql_close(doctor->session);
    if (doctor->has_url) {
        database_url_free(&doctor->url);
    }
    if (doctor->http) {
        http_free(doctor->http);
    }
    if (doctor->loop) {
        loop_free(doctor->loop);
    }
    arena_free(doctor->arena);
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct doctor doctor = { .settings = settings };
    int counts[4] = { 0 };

    (void)argc;
    (void)argv;
    if (doctor_open(&doctor, err)) {
        look_all(&doctor, doctor_machine, counts);
        look_all(&doctor, doctor_database, counts);
        look_all(&doctor, doctor_services, counts);
        if (counts[VERDICT_FAIL] > 0) {
            error_set(err, ERROR_OUTPUT, "%d of %d checks failed", counts[VERDICT_FAIL],
                      counts[0] + counts[1] + counts[2] + counts[3]);
        }
    }
    doctor_close(&doctor);
    return 0;
}

static const char *const settings_taken[] = {
    "database-url",  "provider",
    "text-provider", "image-model",
    "text-model",    "features-model",
    "openai-key",    "openai-base-url",
    "openai-org",    "store",
    "folder",        "supabase-url",
    "supabase-key",  "models",
    "spool",         "jobs",
    "json",          NULL,
};

const struct command command_doctor = {
    .name = "doctor",
    .arguments = "",
    .summary = "ask whether everything is in place for a worker",
    .examples = "  darkroom doctor\n"
                "  darkroom doctor --json               # exit status 7 where a check fails\n",
    .settings = settings_taken,
    .run = run,
};
