/* demo_tell.c - prints jobs, status, credits, durations, and the next commands. */
#include "demo/demo_tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "demo/record.h"
#include "term/table.h"
#include "term/term.h"

enum { CELL = 400 };

static void cell(cJSON *row, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void cell(cJSON *row, const char *key, const char *fmt, ...)
{
    char text[CELL];
    va_list list;

    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    cJSON_AddStringToObject(row, key, text);
}

static const cJSON *part(const cJSON *record, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(record, name);
}

static const cJSON *image_of(const cJSON *record, const cJSON *job)
{
    const char *id = json_peek_text(job, "id");
    const cJSON *image;

    cJSON_ArrayForEach(image, part(record, "images"))
    {
        const char *made_by = json_peek_text(image, "job");

        if (id && made_by && strcmp(id, made_by) == 0) {
            return image;
        }
    }
    return NULL;
}

static void checks_of(const cJSON *image, int *passed, int *all)
{
    const cJSON *checks = part(part(image, "metadata"), "checks"), *check;

    *passed = *all = 0;
    cJSON_ArrayForEach(check, checks)
    {
        *passed += cJSON_IsTrue(part(check, "passed"));
        ++*all;
    }
}

static void tell_jobs(const cJSON *record)
{
    static const struct column columns[] = {
        { "job", "JOB", 0 },   { "status", "STATUS", 0 }, { "time", "  TIME", 0 },
        { "size", "SIZE", 0 }, { "checks", "CHECKS", 0 }, { "what", "FILE", 200 },
    };
    cJSON *rows = cJSON_CreateArray();
    const cJSON *job;

    cJSON_ArrayForEach(job, part(record, "jobs"))
    {
        const cJSON *image = image_of(record, job);
        const char *error = json_peek_text(job, "error"), *status = json_peek_text(job, "status");
        const char *type = json_peek_text(job, "type");
        cJSON *row = cJSON_CreateObject();
        char title[80];
        int passed, all;

        demo_record_title(job, title, sizeof title);
        cell(row, "job", "%s", title);
        cell(row, "status", "%s", status ? status : "");
        cell(row, "time", "%4.2f s", json_peek_number(job, "seconds", 0));
        checks_of(image, &passed, &all);
        if (all > 0) {
            cell(row, "checks", "%d of %d", passed, all);
        }
        if (image) {
            cell(row, "size", "%.0f x %.0f", json_peek_number(image, "width", 0),
                 json_peek_number(image, "height", 0));
            cell(row, "what", "%s", json_peek_text(image, "file"));
        } else if (type && strcmp(type, "generate-aplus") == 0 && !error) {
            cell(row, "what", "a_plus.json");
        } else {
            cell(row, "what", "%s", error ? error : "");
        }
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

static void tell_ledger(const cJSON *record)
{
    static const struct column columns[] = { { "amount", "CREDITS", 0 },
                                             { "balance", "BALANCE", 0 },
                                             { "what", "WHAT FOR", 200 } };
    cJSON *rows = cJSON_CreateArray();
    const cJSON *entry;

    cJSON_ArrayForEach(entry, part(record, "sums"))
    {
        const char *what = json_peek_text(entry, "description");
        cJSON *row = cJSON_CreateObject();

        cell(row, "amount", "%+7.0f", json_peek_number(entry, "amount", 0));
        cell(row, "balance", "%7.0f", json_peek_number(entry, "balance", 0));
        if (json_peek_number(entry, "count", 0) > 1) {
            cell(row, "what", "%s (%.0f times)", what ? what : "",
                 json_peek_number(entry, "count", 0));
        } else {
            cell(row, "what", "%s", what ? what : "");
        }
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, 3);
    cJSON_Delete(rows);
}

static void tell_steps(const cJSON *record)
{
    static const struct column columns[] = { { "step", "STEP", 0 },
                                             { "jobs", "JOBS", 0 },
                                             { "mean", "     MEAN", 0 },
                                             { "most", "  LONGEST", 0 } };
    struct step_time steps[DEMO_RECORD_STEPS];
    int count = demo_record_steps(record, steps);
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        cell(row, "step", "%s", steps[i].name);
        cell(row, "jobs", "%4d", steps[i].count);
        cell(row, "mean", "%6.0f ms", steps[i].total_ms / steps[i].count);
        cell(row, "most", "%6.0f ms", steps[i].most_ms);
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, 4);
    cJSON_Delete(rows);
}

void demo_summary_print(const cJSON *record, const char *folder, const char *program)
{
    const cJSON *project = part(record, "project"), *seconds = part(record, "seconds");
    const char *product = json_peek_text(project, "productName");
    const char *status = json_peek_text(project, "status");
    bool whole = demo_record_complete(record);

    printf("\n%s%s%s\n", term_style_code(stdout, STYLE_BOLD), product ? product : "",
           term_style_code(stdout, STYLE_NORMAL));
    printf("project status: %s%s%s\n\n", term_style_code(stdout, whole ? STYLE_GOOD : STYLE_BAD),
           status ? status : "", term_style_code(stdout, STYLE_NORMAL));
    tell_jobs(record);
    printf("\n");
    tell_ledger(record);
    printf("\n");
    tell_steps(record);
    printf("\n%.1f s in all: Postgres %.1f, tables %.1f, jobs %.1f, album %.1f\n\n",
           json_peek_number(seconds, "total", 0), json_peek_number(seconds, "postgres", 0),
           json_peek_number(seconds, "tables", 0), json_peek_number(seconds, "jobs", 0),
           json_peek_number(seconds, "album", 0));
    printf("Open     %s/index.html         images, A+ page, checks, credits, times\n", folder);
    printf("         %s/contact-sheet.png  all images at a glance\n", folder);
    printf("Next     %s demo --provider openai  make it with real models (needs OPENAI_API_KEY)\n"
           "         %s doctor                  check your own installation\n",
           program, program);
}
