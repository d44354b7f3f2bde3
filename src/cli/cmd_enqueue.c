/* cmd_enqueue.c - darkroom enqueue: charges a project's owner and queues a job, in one
 * transaction, as the application does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/database.h"
#include "cli/command.h"
#include "term/table.h"

/* The job type, and its payload as the application writes it. */
static const char *payload_of(const struct settings *settings, const char *project, cJSON *payload)
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
        return error_set(err, ERROR_INPUT, "--image asks for one image and nothing else");
    }
    if (aplus && setting_flag(settings, "with-aplus")) {
        return error_set(err, ERROR_INPUT,
                         "--aplus is A+ content alone, --with-aplus a pack with it");
    }
    if (style && !image) {
        return error_set(err, ERROR_INPUT, "--style goes with --image");
    }
    if (style && strchr(style, '\n')) {
        return error_set(err, ERROR_INPUT, "an image has one style");
    }
    if (!aplus && (setting_flag(settings, "premium") || setting_flag(settings, "module-images"))) {
        return error_set(err, ERROR_INPUT, "--premium and --module-images go with --aplus");
    }
    return true;
}

/* Between begin and commit: the owner's row is locked, so that no balance is spent twice. */
static bool charge_and_insert(struct sql_session *session, const struct settings *settings,
                              const char *project, cJSON **out, struct error *err)
{
    cJSON *owner = NULL, *payload = cJSON_CreateObject();
    const char *type = payload_of(settings, project, payload), *user;
    char *text = cJSON_PrintUnformatted(payload);
    bool good = database_query(session, "enqueue_lock", 1, &project, &owner, err);

    user = good ? json_peek_text(owner, "user") : NULL;
    if (good && !user) {
        good = error_set(err, ERROR_INPUT, "there is no project '%.60s'", project);
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

static bool tell(const struct settings *settings, const cJSON *answer, struct error *err)
{
    const char *job = json_peek_text(answer, "job");
    long long credits = (long long)json_peek_int(answer, "credits", 0);

    if (!job) {
        error_set(err, ERROR_QUOTA, "this costs %lld credits, and there are %lld", credits,
                  (long long)json_peek_int(answer, "balance", 0));
        return error_hint(err, "--free queues it without a charge.");
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, answer);
    } else {
        printf("%s queued, %lld credits charged\n", job, credits);
        fprintf(stderr, "`darkroom jobs show %s` tells how it goes\n", job);
    }
    return true;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct sql_session *session;
    cJSON *answer = NULL;
    struct error ignored;
    bool good;

    (void)argc;
    if (!check_flags(settings, err) || !(session = database_open(settings, "enqueue", err))) {
        return 0;
    }
    good = sql_script(session, "begin", err) &&
           charge_and_insert(session, settings, argv[0], &answer, err) &&
           sql_script(session, "commit", err);
    if (!good && !sql_script(session, "rollback", &ignored)) {
        error_hint(err, "The connection was lost; nothing was queued unless `darkroom jobs` "
                        "shows it.");
    }
    good = good && tell(settings, answer, err);
    cJSON_Delete(answer);
    sql_close(session);
    return good ? 0 : error_rule(err->kind)->exit_status;
}

static const char *const settings_taken[] = { "image", "style",   "with-aplus",
                                              "aplus", "premium", "module-images",
                                              "free",  "json",    "database-url",
                                              NULL };

const struct command command_enqueue = {
    .name = "enqueue",
    .arguments = "PROJECT",
    .summary = "queue a pack, an image or A+ content, charged as the application does",
    .examples = "  darkroom enqueue PROJECT                        # a pack of six images\n"
                "  darkroom enqueue PROJECT --with-aplus\n"
                "  darkroom enqueue PROJECT --image LIFESTYLE --style minimal\n"
                "  darkroom enqueue PROJECT --aplus --premium --free\n",
    .settings = settings_taken,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
