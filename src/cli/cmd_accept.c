/* cmd_accept.c - darkroom accept, reject and revert: decisions on candidates of a batch. */
#include <stdio.h>

#include "app/ids/find_id.h"
#include "batch/batch_find.h"
#include "batch/decide.h"
#include "batch/review/decisions.h"
#include "cli/command.h"

static int run(const struct settings *settings, enum decide_verb verb, int argc, char **argv,
               struct error *err)
{
    struct decision_targets decision_targets = { 0 };
    struct sql_session *session;
    char id[ID_TEXT];
    cJSON *batch = NULL;
    int status = 0;

    if (!batch_id_valid(argv[0])) {
        error_set(err, ERROR_INPUT, "'%.60s' is not a batch id", argv[0]);
        error_hint(err, "`darkroom batch list` lists the batches.");
        return 0;
    }
    session = database_open(settings, "decide", err);
    if (session && find_id_or_keep(session, ID_BATCH, argv[0], id, err) &&
        batch_find(session, id, &batch, err)) {
        argv[0] = id;
    }
    if (batch && decide_select(settings, session, verb, argc, argv, &decision_targets, err)) {
        if (decision_targets.count > 0) {
            status = decide(settings, session, id, &decision_targets, err);
        } else {
            fprintf(stderr, "nothing to do: no candidate of batch %s can be changed this way\n",
                    id);
        }
    }
    cJSON_Delete(batch);
    decision_targets_free(&decision_targets);
    sql_close(session);
    return status;
}

static int run_accept(const struct settings *settings, int argc, char **argv, struct error *err)
{
    return run(settings, DECIDE_ACCEPT, argc, argv, err);
}

static int run_reject(const struct settings *settings, int argc, char **argv, struct error *err)
{
    return run(settings, DECIDE_REJECT, argc, argv, err);
}

static int run_revert(const struct settings *settings, int argc, char **argv, struct error *err)
{
    return run(settings, DECIDE_REVERT, argc, argv, err);
}

static const char *const accept_takes[] = {
    "all",          "passed", "file",         "store",          "folder", "supabase-url",
    "supabase-key", "json",   "database-url", NETWORK_SETTINGS, NULL
};
static const char *const reject_takes[] = { "all",          "store",          "folder",
                                            "supabase-url", "supabase-key",   "json",
                                            "database-url", NETWORK_SETTINGS, NULL };
static const char *const revert_takes[] = { "all", "json", "database-url", NULL };

const struct command command_accept = {
    .name = "accept",
    .arguments = "BATCH [ITEM...]",
    .summary = "replace images by candidates of a batch",
    .examples = "  darkroom accept b7-3f2a --file decisions-b7-3f2a.json  # saved by the page\n"
                "  darkroom accept b7-3f2a --passed      # the best one that passed all checks\n"
                "  darkroom accept b7-3f2a 3 7 12/2      # 12/2: variant 2 of item 12\n",
    .settings = accept_takes,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_accept,
};

const struct command command_reject = {
    .name = "reject",
    .arguments = "BATCH [ITEM...]",
    .summary = "reject candidates of a batch and delete their files",
    .examples = "  darkroom reject b7-3f2a 4 12/1\n"
                "  darkroom reject b7-3f2a --all         # all that are not accepted\n",
    .settings = reject_takes,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_reject,
};

const struct command command_revert = {
    .name = "revert",
    .arguments = "BATCH [ITEM...]",
    .summary = "restore the images that accepted candidates replaced",
    .examples = "  darkroom revert b7-3f2a               # everything accepted from the batch\n"
                "  darkroom revert b7-3f2a 3 7\n",
    .settings = revert_takes,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_revert,
};
