/* cmd_accept.c - darkroom accept, reject and revert: decisions on candidates of a batch. */
#include <stdio.h>

#include "app/ids/find_id.h"
#include "batch/batch_find.h"
#include "batch/confirmation.h"
#include "batch/decide/decide.h"
#include "batch/decide/decide_preview.h"
#include "batch/review/decisions.h"
#include "cli/command.h"

static const char *const names[] = { "accept", "reject", "revert" }; /* by enum decide_verb */

/* Shows what would change, and asks. *go: to carry it out. */
static bool confirm_decisions(const struct settings *settings, enum decide_verb verb, int argc,
                              char **argv, struct sql_session *session,
                              const struct decision_targets *targets, bool *go, struct error *err)
{
    const struct confirmation confirmation = { .command = names[verb],
                                               .flags = command_find(names[verb])->settings,
                                               .settings = settings,
                                               .argc = argc,
                                               .argv = argv };
    cJSON *preview = NULL;
    char question[600];
    bool good = true;

    *go = true;
    if (setting_flag(settings, "yes") && !setting_flag(settings, "dry-run")) {
        return true;
    }
    if (!decide_preview(session, argv[0], targets, &preview, err)) {
        return false;
    }
    if (setting_flag(settings, "dry-run")) {
        decide_preview_print(preview, argv[0], setting_flag(settings, "json"));
        *go = false;
    } else if (decide_preview_text(preview, argv[0], question, sizeof question)) {
        good = confirmation_ask(&confirmation, question, err);
    } /* else nothing changes: `decide` says why */
    cJSON_Delete(preview);
    return good;
}

static int run(const struct settings *settings, enum decide_verb verb, int argc, char **argv,
               struct error *err)
{
    struct decision_targets decision_targets = { 0 };
    struct sql_session *session;
    char id[ID_TEXT];
    cJSON *batch = NULL;
    bool go;
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
        if (decision_targets.count == 0) {
            error_set(err, ERROR_INPUT, "no candidate of batch '%s' can be changed this way", id);
            err->cause = ERROR_CAUSE_EMPTY;
            error_hint(err, "`darkroom batch show %s` shows what was made and decided.", id);
        } else if (confirm_decisions(settings, verb, argc, argv, session, &decision_targets, &go,
                                     err) &&
                   go) {
            status = decide(settings, session, id, &decision_targets, err);
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

static const char *const accept_takes[] = { "where",   "sql", "all",  "passed",       "file",
                                            "dry-run", "yes", "json", "database-url", NULL };
static const char *const reject_takes[] = { "where", "sql",  "all",          "dry-run",
                                            "yes",   "json", "database-url", NULL };
static const char *const revert_takes[] = { "where", "sql",  "all",          "rejected", "dry-run",
                                            "yes",   "json", "database-url", NULL };

static const char notes[] =
    "--where takes the filters of `darkroom regenerate`, here about the candidates;\n"
    "--sql takes an SQL condition on the view darkroom.candidates. accept takes the\n"
    "best candidate of each image that matches.\n"
    "\n"
    "Shows what changes and asks; --yes answers, and is needed without a terminal.\n"
    "Accepted images can be reverted. Files of rejected candidates stay in the store\n"
    "for 30 days, where `darkroom revert` can take them out of the trash; then\n"
    "`darkroom tidy` removes them. A refunded candidate cannot come back.\n";

const struct command command_accept = {
    .name = "accept",
    .arguments = "BATCH [ITEM...]",
    .summary = "replace images by candidates of a batch",
    .examples = "  darkroom accept b7-3f2a --file decisions-b7-3f2a.json  # saved by the page\n"
                "  darkroom accept b7-3f2a --passed      # the best one that passed all checks\n"
                "  darkroom accept b7-3f2a 3 7 12/2      # 12/2: variant 2 of item 12\n"
                "  darkroom accept b7-3f2a --where 'likeness > 0.9 and not failed'\n"
                "  darkroom accept b7-3f2a --all --dry-run  # what would change\n",
    .notes = notes,
    .settings = accept_takes,
    .output = output_decisions,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_accept,
};

const struct command command_reject = {
    .name = "reject",
    .arguments = "BATCH [ITEM...]",
    .summary = "reject candidates of a batch; their files go to the trash",
    .examples = "  darkroom reject b7-3f2a 4 12/1\n"
                "  darkroom reject b7-3f2a --all         # all that are not accepted\n"
                "  darkroom reject b7-3f2a --where 'failed white or likeness < 0.6'\n",
    .notes = notes,
    .settings = reject_takes,
    .output = output_decisions,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_reject,
};

const struct command command_revert = {
    .name = "revert",
    .arguments = "BATCH [ITEM...]",
    .summary = "restore replaced images, or rejected candidates",
    .examples = "  darkroom revert b7-3f2a               # everything accepted from the batch\n"
                "  darkroom revert b7-3f2a 3 7\n"
                "  darkroom revert b7-3f2a --rejected    # takes them out of the trash\n",
    .notes = notes,
    .settings = revert_takes,
    .output = output_decisions,
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run_revert,
};
