/* cmd_enqueue.c - darkroom enqueue: charges a project's owner and queues a job in one transaction,
 * as the application does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "cli/command.h"
#include "cli/jobs/enqueue_wait.h"
#include "term/table.h"

/* Fills the payload like the application does. Returns the job type. */
static const char *fill_payload(const struct settings *settings, const char *project,
                                cJSON *payload)
{
    const char *image = setting_text(settings, "image"), *style = setting_text(settings, "style");

    cJSON_AddStringToObject(payload, "projectId", project);
    if (image) {
        cJSON_AddStringToObject(payload, "imageType", image);
        if (style) {
            cJSON_AddStringToObject(payload, "style", style);
        }
        return "generate-image";
    }
    if (setting_flag(settings, "aplus")) {
        if (setting_flag(settings, "premium")) {
            cJSON_AddTrueToObject(payload, "isPremium");
        }
        if (setting_flag(settings, "module-images")) {
            cJSON_AddTrueToObject(payload, "generateImages");
        }
        return "generate-aplus";
    }
    cJSON_AddBoolToObject(payload, "includeAPlus", setting_flag(settings, "with-aplus"));
    return "generate-complete-pack";
}

static bool check_flags(const struct settings *settings, struct error *err)
{
    bool image = setting_text(settings, "image"), aplus = setting_flag(settings, "aplus");
    const char *style = setting_text(settings, "style");

    if (image && (aplus || setting_flag(settings, "with-aplus"))) {
        return error_set(err, ERROR_INPUT,
                         "--image cannot be combined with --aplus or --with-aplus");
    }
    if (aplus && setting_flag(settings, "with-aplus")) {
        return error_set(err, ERROR_INPUT, "--aplus and --with-aplus exclude each other");
    }
    if (style && !image) {
        return error_set(err, ERROR_INPUT, "--style requires --image");
    }
    if (style && strchr(style, '\n')) {
        return error_set(err, ERROR_INPUT, "--style can be given only once");
    }
    if (!aplus && (setting_flag(settings, "premium") || setting_flag(settings, "module-images"))) {
        return error_set(err, ERROR_INPUT, "--premium and --module-images require --aplus");
    }
    return true;
}

/* Runs inside a transaction. Locks the owner's row, so that no balance is spent twice. */
static bool charge_and_insert(struct sql_session *session, const struct settings *settings,
                              const char *project, cJSON **out, struct error *err)
{
    cJSON *owner = NULL, *payload = cJSON_CreateObject();
    const char *type = fill_payload(settings, project, payload), *user;
    char *text = cJSON_PrintUnformatted(payload);
    bool good = database_query(session, "enqueue_lock", 1, &project, &owner, err);

    user = good ? json_peek_text(owner, "user") : NULL;
    if (good && !user) {
        good = error_set(err, ERROR_INPUT, "no project has the id '%.60s'", project);
    } else if (good) {
        const char *params[] = { type, text, user,
                                 setting_flag(settings, "free") ? "true" : "false" };

        good = database_query(session, "enqueue", 4, params, out, err);
    }
    cJSON_Delete(owner);
    cJSON_Delete(payload);
    cJSON_free(text);
    return good;
}

static bool print_result(const struct settings *settings, const cJSON *result, struct error *err)
{
    const char *job = json_peek_text(result, "job");
    long long credits = (long long)json_peek_int(result, "credits", 0);

    if (!job) {
        error_set(err, ERROR_QUOTA, "this costs %lld credits; the balance is %lld", credits,
                  (long long)json_peek_int(result, "balance", 0));
        return error_hint(err, "Add --free to queue it without a charge.");
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, result, "enqueued");
    } else {
        printf("%s queued, %lld credits charged\n", job, credits);
    }
    if (json_peek_int(result, "workers", 0) == 0) {
        fprintf(stderr, "No worker is running: `darkroom work` starts one.\n");
    }
    if (!setting_flag(settings, "json") && !setting_flag(settings, "wait")) {
        fprintf(stderr, "`darkroom jobs show %.8s` shows its progress\n", job);
    }
    fflush(stdout);
    return true;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    cJSON *result = NULL;
    struct error ignored;
    char project[ID_TEXT];
    int status = 0;
    bool good;

    (void)argc;
    if (!check_flags(settings, err) || !(session = database_open(settings, "enqueue", err))) {
        return 0;
    }
    good = find_id_or_keep(session, ID_PROJECT, argv[0], project, err);
    if (!good) {
        sql_close(session);
        return error_rule(err->kind)->exit_status;
    }
    good = sql_script(session, "begin", err) &&
           charge_and_insert(session, settings, project, &result, err) &&
           sql_script(session, "commit", err);
    if (!good && !sql_script(session, "rollback", &ignored)) {
        error_hint(err, "The connection was lost. `darkroom jobs` shows whether it "
                        "was queued.");
    }
    good = good && print_result(settings, result, err);
    if (good && setting_flag(settings, "wait")) {
        status = enqueue_wait(session, settings, json_peek_text(result, "job"), err);
    }
    cJSON_Delete(result);
    sql_close(session);
    return good ? status : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = { "image",   "style",         "with-aplus", "aplus",
                                              "premium", "module-images", "free",       "wait",
                                              "json",    "database-url",  NULL };

const struct command command_enqueue = {
    .name = "enqueue",
    .arguments = "PROJECT",
    .summary = "charge credits and queue a pack, an image or A+ content",
    .examples = "  darkroom enqueue PROJECT              # a pack of six images\n"
                "  darkroom enqueue PROJECT --with-aplus --wait\n"
                "  darkroom enqueue PROJECT --image LIFESTYLE --style minimal\n"
                "  darkroom enqueue PROJECT --aplus --premium --free\n",
    .settings = settings_taken,
    .output = output_enqueue,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
