/* cmd_explain.c - darkroom explain: how an image was made, and how to repeat it. */
#include <stdio.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "cli/command.h"
#include "image/checks/check_results.h"
#include "term/table.h"
#include "term/term.h"

enum { FACT_COLUMNS = 12 };

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void print_facts(const cJSON *from, const char *const (*list)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        table_fact(stdout, list[i][1], FACT_COLUMNS, member(from, list[i][0]));
    }
}

/* A published image is in "image". A candidate or a replaced image is only in "item". */
static void print_identity(const cJSON *explanation)
{
    const cJSON *image = member(explanation, "image"), *item = member(explanation, "item");
    const char *decision = json_peek_text(item, "decision");
    const char *batch = json_peek_text(item, "batch");

    table_fact(stdout, "image", FACT_COLUMNS, member(image, "id"));
    table_fact(stdout, "job", FACT_COLUMNS, member(explanation, "job"));
    table_fact(stdout, "url", FACT_COLUMNS, member(cJSON_IsObject(image) ? image : item, "url"));
    if (batch) {
        printf("%-*s %s, item %lld, variant %lld: %s\n", FACT_COLUMNS, "batch",
               term_text(batch, false), (long long)json_peek_int(item, "item", 0),
               (long long)json_peek_int(item, "variant", 0),
               decision ? term_text(decision, false) : "no decision yet");
    }
}

static void print_project(const cJSON *explanation)
{
    static const char *const list[][2] = {
        { "id", "project" },
        { "product", "product" },
        { "category", "category" },
    };

    print_facts(member(explanation, "project"), list, sizeof list / sizeof *list);
}

static void print_parameters(const cJSON *metadata)
{
    static const char *const list[][2] = {
        { "imageType", "type" },
        { "style", "style" },
        { "module", "module" },
        { "marketplace", "rules" },
        { "provider", "provider" },
        { "model", "model" },
        { "quality", "quality" },
        { "askedWidth", "req. width" },
        { "askedHeight", "req. height" },
        { "transparent", "transparent" },
        { "template", "template" },
        { "promptVersion", "version" },
        { "worker", "worker" },
        { "calls", "calls" },
        { "rounds", "calls" }, /* the key of older versions */
        { "modelMs", "model ms" },
        { "costUsd", "USD" },
        { "usage", "usage" },
        { "requestId", "request" },
        { "sha256", "sha256" },
    };
    const cJSON *photo = member(metadata, "photo");

    print_facts(metadata, list, sizeof list / sizeof *list);
    table_fact(stdout, "photo", FACT_COLUMNS, member(photo, "url"));
    table_fact(stdout, "photo hash", FACT_COLUMNS, member(photo, "sha256"));
    table_fact(stdout, "similarity", FACT_COLUMNS, member(metadata, "likeness"));
}

static void print_checks(const cJSON *image)
{
    struct check_result results[CHECK_RESULTS_MAX];
    int count = check_results_read(image, results);

    for (int i = 0; i < count; i++) {
        printf("%-*s %s %s\n", FACT_COLUMNS, i ? "" : "checks",
               results[i].passed ? "passed" : "FAILED", term_text(results[i].message, false));
    }
}

static void print_calls(const cJSON *explanation)
{
    static const struct column columns[] = {
        { "sent", "SENT", 0 },   { "step", "STEP", 0 },       { "call", "CALL", 0 },
        { "model", "MODEL", 0 }, { "http", "HTTP", 0 },       { "ms", "MS", 0 },
        { "usd", "USD", 0 },     { "outcome", "OUTCOME", 0 }, { "message", "MESSAGE", 200 },
    };
    const cJSON *calls = member(explanation, "calls");

    if (cJSON_GetArraySize(calls) > 0) {
        printf("\n");
        table_print(stdout, calls, columns, sizeof columns / sizeof *columns);
    }
}

static void print_image(const cJSON *explanation)
{
    const cJSON *image = member(explanation, "image"),
                *made = cJSON_IsObject(image) ? image : member(explanation, "item");
    const cJSON *metadata = member(made, "metadata");
    const char *prompt = json_peek_text(metadata, "prompt");
    const char *id = json_peek_text(image, "id"), *job = json_peek_text(explanation, "job");

    print_identity(explanation);
    print_project(explanation);
    print_parameters(metadata);
    print_checks(made);
    table_fact(stdout, "message", FACT_COLUMNS, member(member(explanation, "queue"), "message"));
    if (prompt) {
        printf("\n%s\n", term_text(prompt, true));
    }
    print_calls(explanation);
    if (id || job) {
        printf("\nrepeat: darkroom regenerate --from %s\n", term_text(id ? id : job, false));
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session = database_open(settings, "explain", err);
    const char *id = argv[0];
    char found[ID_TEXT];
    cJSON *explanation = NULL;

    (void)argc;
    if (session && !strstr(id, "://")) {
        id = find_id_or_keep(session, ID_IMAGE, id, found, err) ? found : NULL;
    }
    if (session && id && database_query(session, "explain", 1, &id, &explanation, err)) {
        if (!cJSON_IsObject(explanation)) {
            error_set(err, ERROR_INPUT, "no image, candidate or job has the id or URL '%.100s'",
                      id);
            error_hint(err, "Give an image id, an image URL, or a job id.");
        } else if (setting_flag(settings, "json")) {
            table_json(stdout, explanation, "explanation");
        } else {
            print_image(explanation);
        }
    }
    cJSON_Delete(explanation);
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = { "json", "database-url", NULL };

const struct command command_explain = {
    .name = "explain",
    .arguments = "IMAGE",
    .summary = "show how an image was made: prompt, model, photo, cost, checks, calls",
    .examples = "  darkroom explain 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\n"
                "  darkroom explain https://PROJECT.supabase.co/storage/v1/object/... --json\n",
    .settings = settings_taken,
    .output = output_explain,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
