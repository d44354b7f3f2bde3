/* cmd_doctor.c - darkroom doctor: checks everything that a worker needs. */
#include <stdio.h>
#include <string.h>

#include "app/cut_out_model.h"
#include "app/network.h"
#include "cli/command.h"
#include "doctor/doctor.h"
#include "io/loop.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_wrap.h"

static const char *const status_names[] = { "ok", "warn", "fail", "skip" };
static const enum term_style status_styles[] = { STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_DIM };

enum { TEXT_COLUMN = 16, HINT_COLUMN = TEXT_COLUMN + 1 };

static void print_finding(const struct settings *settings, const char *name,
                          struct doctor_finding *finding)
{
    if (setting_flag(settings, "json")) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "check", name);
        cJSON_AddStringToObject(row, "verdict", status_names[finding->status]);
        cJSON_AddStringToObject(row, "message", finding->text);
        json_add_text(row, "hint", finding->hint[0] ? finding->hint : NULL);
        table_json(stdout, row, "finding");
        cJSON_Delete(row);
    } else {
        printf("%s%-4s%s  %-9s ", term_style_code(stdout, status_styles[finding->status]),
               status_names[finding->status], term_style_code(stdout, STYLE_NORMAL), name);
        term_print_from_column(stdout, TEXT_COLUMN, finding->text);
        if (finding->hint[0]) {
            printf("\n%*s", HINT_COLUMN, "");
            term_print_from_column(stdout, HINT_COLUMN, finding->hint);
        }
        printf("\n");
    }
    fflush(stdout); /* show each result at once: a check can take seconds */
}

static void run_checks(struct doctor *doctor, const struct doctor_check *checks, int counts[])
{
    for (; checks->name; checks++) {
        struct doctor_finding finding = { .status = DOCTOR_FAIL,
                                          .text = "the check gave no result" };

        checks->run(doctor, &finding);
        counts[finding.status]++;
        print_finding(doctor->settings, checks->name, &finding);
    }
}

static bool doctor_open(struct doctor *doctor, struct error *err)
{
    struct http_config http = { 0 };
    struct error reported; /* by the check of certificates */

    if (!network_config(doctor->settings, &http, &reported)) {
        http.ca_file = http.ca_dir = http.extra_ca_file = NULL;
    }
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

static const char *const settings_taken[] = {
    "database-url",    "provider",     "text-provider",
    "image-model",     "text-model",   "features-model",
    PROVIDER_SETTINGS, "store",        "folder",
    "supabase-url",    "supabase-key", "models",
    "spool",           "jobs",         "json",
    "memory",          "fonts",        CUT_OUT_MODEL_SETTINGS,
    NETWORK_SETTINGS,  NULL,
};

/* Keys and addresses have checks of their own. */
static bool check_other_settings(const struct settings *settings, struct error *err)
{
    struct setting_list list = { .names = settings_taken };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        const char *const names[] = { row->name, NULL };

        if (row->type != SETTING_SECRET && row->type != SETTING_ADDRESS &&
            row->type != SETTING_URL && !settings_check(settings, names, err)) {
            return false;
        }
    }
    return true;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct doctor doctor = { .settings = settings };
    int counts[4] = { 0 };

    (void)argc;
    (void)argv;
    if (!check_other_settings(settings, err)) {
        return 0; /* the error sets the exit status */
    }
    if (doctor_open(&doctor, err)) {
        run_checks(&doctor, doctor_machine_checks, counts);
        run_checks(&doctor, doctor_network_checks, counts);
        run_checks(&doctor, doctor_database_checks, counts);
        run_checks(&doctor, doctor_service_checks, counts);
        if (counts[DOCTOR_FAIL] > 0) {
            error_set(err, ERROR_OUTPUT, "%d of %d checks failed", counts[DOCTOR_FAIL],
                      counts[0] + counts[1] + counts[2] + counts[3]);
        }
    }
    doctor_close(&doctor);
    return 0;
}

const struct command command_doctor = {
    .name = "doctor",
    .arguments = "",
    .summary = "check that a worker has everything it needs",
    .examples = "  darkroom doctor\n"
                "  darkroom doctor --json                # exit status 7 if a check fails\n",
    .settings = settings_taken,
    .output = output_doctor,
    .checks_settings = true,
    .common = "json database-url provider store",
    .run = run,
};
