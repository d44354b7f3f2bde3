/* cmd_batch.c - darkroom batch: shows, pauses, resumes and cancels batches. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "app/log_settings.h"
#include "batch/batch_find.h"
#include "batch/batch_plan.h"
#include "batch/batch_run.h"
#include "batch/confirmation.h"
#include "cli/batch_view.h"
#include "cli/command.h"
#include "term/table.h"

enum { ID_BYTES = 64 };

struct verb {
    const char *name;
    const char *statement; /* NULL for verbs that only show */
    int max_ids;
    enum batch_change change; /* only of verbs with a statement */
};

static const struct verb verbs[] = {
    { .name = "list" },
    { .name = "show", .max_ids = 1 },
    { "pause", "batch_pause", 1, BATCH_PAUSE },
    { "resume", "batch_resume", 1, BATCH_RESUME },
    { "cancel", "batch_cancel", 1, BATCH_CANCEL },
    { "retry-failed", "batch_retry_failed", 1, BATCH_RETRY_FAILED },
};

static const struct verb *find_verb(int argc, char **argv, struct error *err)
{
    const char *name = argc ? argv[0] : "list";

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) != 0) {
            continue;
        }
        if (argc > verbs[i].max_ids + 1) {
            error_set(err, ERROR_INPUT, "'batch %s' does not take the argument '%.60s'", name,
                      argv[verbs[i].max_ids + 1]);
            return NULL;
        }
        return &verbs[i];
    }
    command_refuse_subcommand(name, "list show pause resume cancel retry-failed",
                              "Use list, show, pause, resume, cancel or retry-failed.", err);
    if (name[0] == 'b' && isdigit((unsigned char)name[1])) {
        error_hint(err, "To show this batch: darkroom batch show %.40s", name);
    }
    return NULL;
}

/* -- which batch ------------------------------------------------------------------------------ */

static bool is_over(const cJSON *batch)
{
    const char *state = json_peek_text(batch, "state");

    return !state || strcmp(state, "done") == 0 || strcmp(state, "cancelled") == 0;
}

/* Finds the batch named on the command line. Without a name, `show` takes the newest batch, and a
 * verb that changes a batch takes the only batch in progress. */
static bool find_batch(struct sql_session *session, const struct verb *verb, const char *named,
                       char id[ID_BYTES], struct error *err)
{
    cJSON *list = NULL;
    const cJSON *row;
    const char *found = NULL;
    char given[ID_TEXT];
    int open = 0;
    bool good;

    if (named && !find_id_or_keep(session, ID_BATCH, named, given, err)) {
        return false;
    }
    named = named ? given : NULL;
    if (!database_query(session, "batch_list", 0, NULL, &list, err)) {
        return false;
    }
    cJSON_ArrayForEach(row, list)
    {
        const char *other = json_peek_text(row, "id");

        if (named ? other && strcmp(other, named) == 0 : !found) {
            found = !named && verb->statement && is_over(row) ? NULL : other;
        }
        open += !is_over(row);
    }
    good = found && (named || !verb->statement || open == 1);
    if (good) {
        snprintf(id, ID_BYTES, "%s", found);
    } else if (named) {
        batch_not_found(list, named, err);
    } else {
        error_set(err, ERROR_INPUT,
                  open > 1 ? "%d batches are in progress; name one" : "no batch is in progress",
                  open);
        error_hint(err, "`darkroom batch list` lists all batches.");
    }
    cJSON_Delete(list);
    return good;
}

/* -- show ------------------------------------------------------------------------------------- */

static bool list(struct sql_session *session, const struct settings *settings, struct error *err)
{
    cJSON *rows;

    if (!database_query(session, "batch_list", 0, NULL, &rows, err)) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, rows, "batch-summary");
    } else if (cJSON_GetArraySize(rows) == 0) {
        fprintf(stderr, "no batches\n");
    } else {
        batch_view_list(rows);
    }
    cJSON_Delete(rows);
    return true;
}

static bool show(struct sql_session *session, const struct settings *settings, const char *id,
                 struct error *err)
{
    cJSON *batch;

    if (!database_query(session, "batch_show", 1, &id, &batch, err)) {
        return false;
    }
    if (setting_flag(settings, "json")) {
        table_json(stdout, batch, "batch-detail");
    } else {
        batch_view_print(batch);
    }
    cJSON_Delete(batch);
    return true;
}

/* -- change ----------------------------------------------------------------------------------- */

/* Shows what the verb would do, and asks where it is final or costs more. *go: to carry it out. */
static bool approve(struct sql_session *session, const struct settings *settings,
                    const struct verb *verb, const char *id, bool *go, struct error *err)
{
    char *words[] = { (char *)verb->name, (char *)id };
    const struct confirmation confirmation = { .command = "batch",
                                               .flags = command_find("batch")->settings,
                                               .settings = settings,
                                               .argc = 2,
                                               .argv = words };
    bool dry_run = setting_flag(settings, "dry-run");
    char text[BATCH_PLAN_BYTES];
    cJSON *batch, *plan;
    bool good;

    *go = !dry_run;
    if (!dry_run && (!batch_change_asks(verb->change) || setting_flag(settings, "yes"))) {
        return true;
    }
    if (!database_query(session, "batch_show", 1, &id, &batch, err)) {
        return false;
    }
    good = batch_plan_check(batch, verb->change, err);
    if (good && setting_text(settings, "max-cost")) {
        cJSON_DeleteItemFromObjectCaseSensitive(batch, "maxUsd");
        cJSON_AddNumberToObject(batch, "maxUsd", setting_number(settings, "max-cost"));
    }
    if (good) {
        batch_plan_text(batch, verb->change, text);
    }
    if (good && dry_run && setting_flag(settings, "json")) {
        plan = batch_plan_json(batch, verb->change);
        table_json(stdout, plan, NULL);
        cJSON_Delete(plan);
    } else if (good && dry_run) {
        puts(text);
    } else if (good) {
        good = confirmation_ask(&confirmation, text, err);
    }
    cJSON_Delete(batch);
    return good;
}

/* Runs the statement of a verb. Sets *paused if the batch is paused afterwards, so that no job of
 * it runs. */
static bool change(struct sql_session *session, const struct settings *settings,
                   const struct verb *verb, const char *id, bool *paused, struct error *err)
{
    const char *params[2] = { id, NULL };
    bool pauses = strcmp(verb->name, "pause") == 0, resumes = strcmp(verb->name, "resume") == 0;
    char max_microusd[32], state[24];
    cJSON *answer;
    int64_t changed;

    if (pauses) {
        params[1] = "by hand";
    } else if (resumes && setting_text(settings, "max-cost")) {
        snprintf(max_microusd, sizeof max_microusd, "%.0f",
                 setting_number(settings, "max-cost") * 1e6);
        params[1] = max_microusd;
    }
    if (!database_query(session, verb->statement, pauses || resumes ? 2 : 1, params, &answer,
                        err)) {
        return false;
    }
    snprintf(state, sizeof state, "%s",
             json_peek_text(answer, "state") ? json_peek_text(answer, "state") : "missing");
    changed = json_peek_int(answer, "changed", 0);
    cJSON_Delete(answer);
    if (strcmp(state, "cancelled") == 0 && strcmp(verb->name, "cancel") != 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' is cancelled", id);
    }
    if (strcmp(verb->name, "retry-failed") == 0 && changed == 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' has no failed items", id);
    }
    if (setting_flag(settings, "json")) {
        printf("{\"event\":\"%s\",\"batch\":\"%s\",\"changed\":%lld}\n", verb->name, id,
               (long long)changed);
        fflush(stdout);
    } else if (strcmp(verb->name, "cancel") == 0) {
        printf("%s cancelled: %lld items are not generated\n", id, (long long)changed);
    } else if (pauses) {
        printf("%s paused: %lld items wait; running jobs finish\n", id, (long long)changed);
    } else if (strcmp(state, "paused") == 0) {
        printf("%s: %lld items are waiting again; the batch is paused. `darkroom batch resume` "
               "resumes it\n",
               id, (long long)changed);
    }
    *paused = strcmp(state, "paused") == 0;
    return true;
}

/* -- resume and retry ------------------------------------------------------------------------- */

static int work(const struct settings *settings, const char *id, const cJSON *batch,
                struct worker_setup *worker_setup, struct error *err)
{
    const cJSON *rate =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(batch, "options"),
                                         "rate");
    bool here = setting_flag(settings, "here");
    struct batch_run run = { .settings = settings,
                             .worker_setup = here ? worker_setup : NULL,
                             .batch = id,
                             .usd_estimated = batch_estimated_usd(batch),
                             .rate = setting_text(settings, "rate") &&
                                             setting_number(settings, "rate") > 0
                                         ? setting_number(settings, "rate")
                                     : cJSON_IsNumber(rate) ? rate->valuedouble
                                                            : 0 };

    return batch_run(&run, err);
}

/* Changes the batch and works on it. */
static int change_and_work(struct sql_session **session, const struct settings *settings,
                           const struct verb *verb, const char *id,
                           struct worker_setup *worker_setup, struct error *err)
{
    const char *params[] = { id };
    cJSON *batch = NULL;
    bool paused;
    int status = 0;

    if (change(*session, settings, verb, id, &paused, err) && !paused &&
        database_query(*session, "batch_show", 1, params, &batch, err)) {
        if (setting_flag(settings, "detach")) {
            status = batch_queue_and_detach(*session, settings, id, err)
                         ? 0
                         : error_rule(err->kind)->exit_status;
        } else {
            sql_close(*session);
            *session = NULL;
            status = work(settings, id, batch, worker_setup, err);
        }
    }
    cJSON_Delete(batch);
    return status;
}

/* What the worker here lacks is said before the question, so that no answer is in vain. --dry-run
 * needs nothing of a worker. */
static int resume(struct sql_session **session, const struct settings *settings,
                  const struct verb *verb, const char *id, struct error *err)
{
    struct worker_setup worker_setup = { 0 };
    bool here = setting_flag(settings, "here") && !setting_flag(settings, "dry-run"), go;
    int status = 0;

    log_apply_settings(settings);
    if (here && !worker_setup_init(settings, &worker_setup, err)) {
        status = error_rule(err->kind)->exit_status;
    } else if (approve(*session, settings, verb, id, &go, err) && go) {
        status = change_and_work(session, settings, verb, id, &worker_setup, err);
    }
    worker_setup_free(&worker_setup);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct verb *verb = find_verb(argc, argv, err);
    struct sql_session *session = verb ? database_open(settings, "batch", err) : NULL;
    char id[ID_BYTES];
    bool paused, go;
    int status = 0;

    if (!session) {
        return 0;
    }
    if (!verb->statement && (setting_flag(settings, "dry-run") || setting_flag(settings, "yes"))) {
        error_set(err, ERROR_INPUT,
                  "--dry-run and --yes belong to pause, resume, cancel and retry-failed");
    } else if (strcmp(verb->name, "list") == 0) {
        (void)!list(session, settings, err);
    } else if (find_batch(session, verb, argc > 1 ? argv[1] : NULL, id, err)) {
        if (!verb->statement) {
            (void)!show(session, settings, id, err);
        } else if (verb->change == BATCH_PAUSE || verb->change == BATCH_CANCEL) {
            (void)!(approve(session, settings, verb, id, &go, err) && go &&
                    change(session, settings, verb, id, &paused, err));
        } else {
            status = resume(&session, settings, verb, id, err);
        }
    }
    sql_close(session);
    return status;
}

static const char *const settings_taken[] = { "here", "detach", "max-cost",      "rate", "dry-run",
                                              "yes",  "json",   WORKER_SETTINGS, NULL };

const struct command command_batch = {
    .name = "batch",
    .arguments = "[SUBCOMMAND [BATCH]]",
    .summary = "show, pause, resume and cancel batches of regenerated images",
    .examples = "  darkroom batch                        # all batches\n"
                "  darkroom batch show b7-3f2a           # cost, errors, image types, models\n"
                "  darkroom batch pause\n"
                "  darkroom batch resume b7-3f2a --here --max-cost 30\n"
                "  darkroom batch retry-failed b7-3f2a --detach\n"
                "  darkroom batch cancel b7-3f2a --dry-run  # what it would do\n",
    .notes = "Subcommands: list (default), show, pause, resume, cancel, retry-failed.\n"
             "Without BATCH, show takes the newest batch; the others take the only one in\n"
             "progress. cancel is final, and retry-failed costs money: both show what they\n"
             "do and ask; --yes answers, and is needed without a terminal.\n",
    .settings = settings_taken,
    .output = output_batch,
    .common = "dry-run yes here detach max-cost rate json database-url",
    .max_arguments = -1,
    .run = run,
};
