/* cmd_explain.c - darkroom explain: how an image was made, and how to repeat it. */
#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "cli/command.h"
#include "image/checks/check_results.h"
#include "term/table.h"

static const cJSON *part(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void fact(const char *title, const cJSON *value)
{
    char *text;

    if (!value || cJSON_IsNull(value) || (cJSON_IsString(value) && !value->valuestring[0])) {
        return;
    }
    text = cJSON_PrintUnformatted(value);
    printf("%-12s %s\n", title, cJSON_IsString(value) ? value->valuestring : text);
    cJSON_free(text);
}

static void facts(const cJSON *from, const char *const (*list)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fact(list[i][1], part(from, list[i][0]));
    }
}

/* A published image is in "image"; a candidate, or a replaced one, only in "item". */
static void print_identity(const cJSON *known)
{
    const cJSON *image = part(known, "image"), *item = part(known, "item");
    const char *decision = json_peek_text(item, "decision");
    const char *batch = json_peek_text(item, "batch_id");

    fact("image", part(image, "id"));
    fact("job", part(known, "job"));
    fact("url", part(cJSON_IsObject(image) ? image : item, "url"));
    if (batch) {
        printf("%-12s %s, item %lld, variant %lld: %s\n", "batch", batch,
               (long long)json_peek_int(item, "item", 0),
               (long long)json_peek_int(item, "variant", 0),
               decision ? decision : "no decision yet");
    }
}

static void print_project(const cJSON *known)
{
    static const char *const list[][2] = {
        { "id", "project" },
        { "product", "product" },
        { "category", "category" },
    };

    facts(part(known, "project"), list, sizeof list / sizeof *list);
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
        { "rounds", "calls" },
        { "modelMs", "model ms" },
        { "costUsd", "USD" },
        { "usage", "usage" },
        { "requestId", "request" },
        { "sha256", "sha256" },
    };
    const cJSON *photo = part(metadata, "photo");

    facts(metadata, list, sizeof list / sizeof *list);
    fact("photo", part(photo, "url"));
    fact("photo hash", part(photo, "sha256"));
    fact("similarity", part(metadata, "likeness"));
}

static void print_checks(const cJSON *image)
{
    struct check_result lines[CHECK_RESULTS_MAX];
    int count = check_results_read(image, lines);

    for (int i = 0; i < count; i++) {
        printf("%-12s %s %s\n", i ? "" : "checks", lines[i].passed ? "passed" : "FAILED",
               lines[i].says);
    }
}

static void print_attempts(const cJSON *known)
{
    static const struct column columns[] = {
        { "sent", "SENT", 0 },   { "step", "STEP", 0 },       { "round", "ROUND", 0 },
        { "model", "MODEL", 0 }, { "http", "HTTP", 0 },       { "ms", "MS", 0 },
        { "usd", "USD", 0 },     { "outcome", "OUTCOME", 0 }, { "error", "ERROR", 200 },
    };
    const cJSON *attempts = part(known, "attempts");

    if (cJSON_GetArraySize(attempts) > 0) {
        printf("\n");
        table_print(stdout, attempts, columns, sizeof columns / sizeof *columns);
    }
}

static void print_image(const cJSON *known)
{
    const cJSON *image = part(known, "image"),
                *made = cJSON_IsObject(image) ? image : part(known, "item");
    const cJSON *metadata = part(made, "metadata");
    const char *prompt = json_peek_text(metadata, "prompt");
    const char *id = json_peek_text(image, "id"), *job = json_peek_text(known, "job");

    print_identity(known);
    print_project(known);
    print_parameters(metadata);
    print_checks(made);
    fact("error", part(part(known, "queue"), "error"));
    if (prompt) {
        printf("\n%s\n", prompt);
    }
    print_attempts(known);
    if (id || job) {
        printf("\nrepeat: darkroom regenerate --from %s\n", id ? id : job);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session = database_open(settings, "explain", err);
    const char *named = argv[0];
    cJSON *known = NULL;

    (void)argc;
    if (session && database_query(session, "explain", 1, &named, &known, err)) {
        if (!cJSON_IsObject(known)) {
            error_set(err, ERROR_INPUT, "no image, candidate or job has the id or URL '%.100s'",
                      named);
            error_hint(err, "Give an image id, an image URL, or a job id.");
        } else if (setting_flag(settings, "json")) {
            table_json(stdout, known);
        } else {
            print_image(known);
        }
    }
    cJSON_Delete(known);
    sql_close(session);
    return 0;
}

static const char *const settings_taken[] = { "json", "database-url", NULL };

const struct command command_explain = {
    .name = "explain",
    .arguments = "IMAGE",
    .summary = "show how an image was made: prompt, model, photo, cost, checks, attempts",
    .examples = "  darkroom explain 0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\n"
                "  darkroom explain https://PROJECT.supabase.co/storage/v1/object/... --json\n",
    .settings = settings_taken,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
