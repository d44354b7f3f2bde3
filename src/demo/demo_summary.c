/* demo_summary.c - prints jobs, status, cost, files and the next commands; for the demo also
 * credits and durations. */
#include "demo/demo_summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/program_path.h"
#include "base/exit_status.h"
#include "base/json.h"
#include "demo/record.h"
#include "demo/run_folder.h"
#include "image/checks/check_results.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_wrap.h"

enum { CELL_BYTES = 400, LABEL = 9 };

static void add_cell(cJSON *row, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void add_cell(cJSON *row, const char *key, const char *fmt, ...)
{
    char text[CELL_BYTES];
    va_list list;

    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    cJSON_AddStringToObject(row, key, text);
}

static const cJSON *member(const cJSON *record, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(record, name);
}

static const cJSON *find_image(const cJSON *record, const cJSON *job)
{
    const char *id = json_peek_text(job, "id");
    const cJSON *image;

    cJSON_ArrayForEach(image, member(record, "images"))
    {
        const char *creator = json_peek_text(image, "job");

        if (id && creator && strcmp(id, creator) == 0) {
            return image;
        }
    }
    return NULL;
}

/* Without times, names of files fit a terminal of 80 columns. Messages follow the table then. */
static void print_jobs(const cJSON *record, bool with_times)
{
    static const struct column columns[] = {
        { "job", "PART", 0 },      { "status", "STATUS", 0 }, { "size", "SIZE", 0 },
        { "checks", "CHECKS", 0 }, { "result", "FILE", 200 }, { "time", "  TIME", 0 },
    };
    cJSON *rows = cJSON_CreateArray();
    const cJSON *job;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        const cJSON *image = find_image(record, job);
        const char *error = json_peek_text(job, "message"), *status = json_peek_text(job, "status");
        const char *type = json_peek_text(job, "type");
        cJSON *row = cJSON_CreateObject();
        char title[80];
        struct check_result results[CHECK_RESULTS_MAX];
        int checks = check_results_read(image, results);

        demo_record_title(job, title, sizeof title);
        add_cell(row, "job", "%s", title);
        add_cell(row, "status", "%s", status ? status : "");
        add_cell(row, "time", "%4.2f s", json_peek_number(job, "seconds", 0));
        if (checks > 0) {
            add_cell(row, "checks", "%d of %d", check_results_passed(results, checks), checks);
        }
        if (image) {
            add_cell(row, "size", "%.0f x %.0f", json_peek_number(image, "width", 0),
                     json_peek_number(image, "height", 0));
            add_cell(row, "result", "%s", json_peek_text(image, "file"));
        } else if (type && strcmp(type, "generate-aplus") == 0 && !error) {
            add_cell(row, "result", "a_plus.json");
        } else if (with_times) {
            add_cell(row, "result", "%s", error ? error : "");
        }
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, sizeof columns / sizeof *columns - !with_times);
    cJSON_Delete(rows);
}

static void print_ledger(const cJSON *record)
{
    static const struct column columns[] = { { "amount", "CREDITS", 0 },
                                             { "balance", "BALANCE", 0 },
                                             { "description", "DESCRIPTION", 200 } };
    cJSON *rows = cJSON_CreateArray();
    const cJSON *entry;

    cJSON_ArrayForEach(entry, member(record, "sums"))
    {
        const char *description = json_peek_text(entry, "description");
        cJSON *row = cJSON_CreateObject();

        add_cell(row, "amount", "%+7.0f", json_peek_number(entry, "amount", 0));
        add_cell(row, "balance", "%7.0f", json_peek_number(entry, "balance", 0));
        if (json_peek_number(entry, "count", 0) > 1) {
            add_cell(row, "description", "%s (%.0f times)", description ? description : "",
                     json_peek_number(entry, "count", 0));
        } else {
            add_cell(row, "description", "%s", description ? description : "");
        }
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, 3);
    cJSON_Delete(rows);
}

static void print_steps(const cJSON *record)
{
    static const struct column columns[] = { { "step", "STEP", 0 },
                                             { "jobs", "JOBS", 0 },
                                             { "mean", "     MEAN", 0 },
                                             { "longest", "  LONGEST", 0 } };
    struct step_time steps[DEMO_RECORD_STEPS];
    int count = demo_record_steps(record, steps);
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        add_cell(row, "step", "%s", steps[i].name);
        add_cell(row, "jobs", "%4d", steps[i].count);
        add_cell(row, "mean", "%6.0f ms", steps[i].total_ms / steps[i].count);
        add_cell(row, "longest", "%6.0f ms", steps[i].longest_ms);
        cJSON_AddItemToArray(rows, row);
    }
    table_print(stdout, rows, columns, 4);
    cJSON_Delete(rows);
}

/* What is missing, and what the seller can do about it: in full. The pack's own message repeats
 * these. */
static void print_failures(const cJSON *record)
{
    char title[80], text[1200];
    const cJSON *job;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        const char *error = json_peek_text(job, "message"), *type = json_peek_text(job, "type");
        const char *status = json_peek_text(job, "status");
        bool is_pack = type && strcmp(type, "generate-complete-pack") == 0;

        if (error && !is_pack && status && strcmp(status, "completed") != 0) {
            demo_record_title(job, title, sizeof title);
            snprintf(text, sizeof text, "%s: %s", title, error);
            printf("\n");
            term_print_wrapped(stdout, STYLE_WARN, text);
        }
    }
}

/* What the calls to models cost, those of earlier runs of the same pack included. */
static double cost_of_calls(const cJSON *record)
{
    const cJSON *job, *call;
    double usd = 0;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        cJSON_ArrayForEach(call, member(job, "calls"))
        {
            usd += json_peek_number(call, "usd", 0);
        }
    }
    return usd;
}

static void print_durations(const cJSON *record)
{
    const cJSON *seconds = member(record, "seconds");

    printf("\n");
    print_ledger(record);
    printf("\n");
    print_steps(record);
    printf("\n%.1f s in total: Postgres %.1f, tables %.1f, jobs %.1f, album %.1f\n",
           json_peek_number(seconds, "total", 0), json_peek_number(seconds, "postgres", 0),
           json_peek_number(seconds, "tables", 0), json_peek_number(seconds, "jobs", 0),
           json_peek_number(seconds, "album", 0));
}

/* For a seller: neither credits nor the worker's steps. */
static void print_cost(const cJSON *record)
{
    double usd = cost_of_calls(record);

    printf("\n%.1f s, ", json_peek_number(member(record, "seconds"), "total", 0));
    if (usd > 0) {
        printf("%.2f USD for calls to models\n", usd);
    } else {
        printf("free of charge\n");
    }
}

/* What the file contains is left out where the terminal has no room for it. */
static void print_file(const char *label, const char *folder, const char *name, int width,
                       const char *what)
{
    int used = LABEL + term_columns(folder) + 1 + width + 2 + (int)strlen(what);
    bool fits = !term_is_live(stdout) || used <= term_width(stdout);

    if (fits) {
        printf("%-*s%s/%-*s  %s\n", LABEL, label, folder, width, name, term_text(what, false));
    } else {
        printf("%-*s%s/%s\n", LABEL, label, folder, name);
    }
}

static void print_files(const cJSON *record, const char *folder)
{
    char what[80];
    const char *zip = json_peek_text(record, "zip");
    int width = (int)strlen("contact-sheet.png");

    if (zip && (int)strlen(zip) > width) {
        width = (int)strlen(zip);
    }
    printf("\n");
    print_file("Open", folder, "index.html", width, "images, checks, A+ page");
    print_file("", folder, "contact-sheet.png", width, "all images on one sheet");
    if (zip && *zip) {
        snprintf(what, sizeof what, "files for %.60s",
                 json_peek_text(member(record, "made"), "marketplace"));
        print_file("Upload", folder, zip, width, what);
    }
}

static void print_advice(const char *text)
{
    printf("%-*s", LABEL, "Next");
    term_print_from_column(stdout, LABEL, text);
    printf("\n");
}

static void print_next(const cJSON *record, const char *program, bool is_demo)
{
    const char *name = json_peek_text(member(record, "made"), "provider");
    const struct provider *provider = name ? provider_find(name) : NULL;

    if (is_demo) {
        printf("Next     %s make PHOTO... --name NAME --text FILE  your own product\n"
               "         %s demo --provider openai  use real models (needs OPENAI_API_KEY)\n"
               "         %s doctor                  check your own installation\n",
               program, program, program);
    } else if (!demo_record_complete(record)) {
        print_advice(
            "Change the text as the messages say, and run the same command again: it makes "
            "only what is missing");
    } else if (provider && provider->local) {
        print_advice("These are placeholders. For real images, add --provider openai: it shows the "
                     "price, and asks");
    }
}

static void print_summary(const cJSON *record, const char *folder, const char *program,
                          bool is_demo)
{
    const cJSON *project = member(record, "project");
    const char *product = json_peek_text(project, "productName");
    bool complete = demo_record_complete(record);
    char status[40];

    demo_record_status(record, status, sizeof status);
    printf("\n%s%s%s: %s%s%s\n\n", term_style_code(stdout, STYLE_BOLD), term_text(product, false),
           term_style_code(stdout, STYLE_NORMAL),
           term_style_code(stdout, complete ? STYLE_GOOD : STYLE_BAD), status,
           term_style_code(stdout, STYLE_NORMAL));
    print_jobs(record, is_demo);
    if (is_demo) {
        print_durations(record);
    } else {
        print_failures(record);
        print_cost(record);
    }
    print_files(record, folder);
    if (!complete) {
        run_folder_print_log(folder);
    }
    print_next(record, program, is_demo);
}

int demo_summary_print_result(const cJSON *record, const char *folder, bool json, bool is_demo)
{
    char program[1000];

    if (json) {
        table_json(stdout, record, "record");
    } else {
        program_path(program, sizeof program);
        print_summary(record, folder, program, is_demo);
    }
    return demo_record_complete(record) ? EXIT_STATUS_OK : EXIT_STATUS_SOME_FAILED;
}
