/* decide.c - carries out decisions and reports the outcomes. */
#include "batch/decide/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "batch/operator.h"
#include "term/count_progress.h"
#include "term/table.h"

enum { OUTCOMES = 16, OUTCOME_BYTES = 40, NOTES_MAX = 5 };

static const struct {
    const char *name, *statement, *done;
} verbs[] = {
    [DECIDE_ACCEPT] = { "accept", "batch_accept", "accepted" },
    [DECIDE_REJECT] = { "reject", "batch_reject", "rejected" },
    [DECIDE_REVERT] = { "revert", "batch_revert", "reverted" },
};

struct outcome { /* the number of decisions with the same result */
    enum decide_verb verb;
    char state[OUTCOME_BYTES];
    int count;
};

struct deciding {
    const struct settings *settings;
    struct sql_session *session;
    const char *batch;
    bool json;
    char operator[OPERATOR_BYTES];
    struct outcome outcomes[OUTCOMES];
    int outcome_count, refused;
    int64_t refunded;  /* credits */
    int64_t undecided; /* other candidates of accepted items */
    struct count_progress progress;
    int trashed; /* candidates rejected by this command and not before */
};

/* -- one decision ---------------------------------------------------------------------------- */

static bool is_success(enum decide_verb verb, const char *state)
{
    return strcmp(state, verbs[verb].done) == 0 || strcmp(state, "already") == 0;
}

static void count_outcome(struct deciding *deciding, enum decide_verb verb, const char *state)
{
    int i = 0;

    while (i < deciding->outcome_count && (deciding->outcomes[i].verb != verb ||
                                           strcmp(deciding->outcomes[i].state, state) != 0)) {
        i++;
    }
    if (i == OUTCOMES) {
        return;
    }
    if (i == deciding->outcome_count) {
        deciding->outcome_count++;
        deciding->outcomes[i] = (struct outcome){ .verb = verb };
        snprintf(deciding->outcomes[i].state, OUTCOME_BYTES, "%s", state);
    }
    deciding->outcomes[i].count++;
}

static void record_answer(struct deciding *deciding, const struct decision_target *target,
                          const cJSON *answer)
{
    const char *state = json_peek_text(answer, "state");

    state = state ? state : "unknown";
    count_outcome(deciding, target->verb, state);
    deciding->refunded += json_peek_int(answer, "refunded", 0);
    deciding->undecided += json_peek_int(answer, "undecided", 0);
    if (!is_success(target->verb, state)) {
        deciding->refused++;
        if (!deciding->json && deciding->refused <= NOTES_MAX) {
            char line[160];

            snprintf(line, sizeof line, "item %d, variant %d cannot be %s: %s", target->item,
                     target->variant, verbs[target->verb].done, state);
            count_progress_note(&deciding->progress, term_text(line, false));
        }
    } else if (target->verb == DECIDE_REJECT) {
        deciding->trashed += strcmp(state, "already") != 0;
    }
    if (deciding->json) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddNumberToObject(row, "item", target->item);
        cJSON_AddNumberToObject(row, "variant", target->variant);
        cJSON_AddStringToObject(row, "verb", verbs[target->verb].name);
        cJSON_AddStringToObject(row, "state", state);
        table_json(stdout, row, "decision");
        cJSON_Delete(row);
    }
}

static bool decide_one(struct deciding *deciding, const struct decision_target *target,
                       struct error *err)
{
    char item[16], variant[16];
    const char *params[] = { deciding->batch, item, variant, deciding->operator};
    cJSON *answer;

    snprintf(item, sizeof item, "%d", target->item);
    snprintf(variant, sizeof variant, "%d", target->variant);
    if (!database_query(deciding->session, verbs[target->verb].statement, 4, params, &answer,
                        err)) {
        if (!err->hint[0]) {
            error_hint(err, "Run the same command again; it skips what is already done.");
        }
        return false;
    }
    record_answer(deciding, target, answer);
    cJSON_Delete(answer);
    return true;
}

/* -- all decisions --------------------------------------------------------------------------- */

static void print_json_summary(const struct deciding *deciding)
{
    cJSON *total = cJSON_CreateObject(), *outcomes;

    cJSON_AddTrueToObject(total, "total");
    cJSON_AddStringToObject(total, "batch", deciding->batch);
    outcomes = cJSON_AddArrayToObject(total, "outcomes");
    for (int i = 0; i < deciding->outcome_count; i++) {
        const struct outcome *outcome = &deciding->outcomes[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "verb", verbs[outcome->verb].name);
        cJSON_AddStringToObject(row, "state", outcome->state);
        cJSON_AddNumberToObject(row, "count", outcome->count);
        cJSON_AddItemToArray(outcomes, row);
    }
    cJSON_AddNumberToObject(total, "refundedCredits", (double)deciding->refunded);
    cJSON_AddNumberToObject(total, "trashed", deciding->trashed);
    cJSON_AddNumberToObject(total, "trashDays", DECIDE_TRASH_DAYS);
    table_json(stdout, total, "decision-total");
    cJSON_Delete(total);
}

static void print_summary(const struct deciding *deciding)
{
    if (deciding->json) {
        print_json_summary(deciding);
        return;
    }
    for (int i = 0; i < deciding->outcome_count; i++) {
        const struct outcome *outcome = &deciding->outcomes[i];

        if (strcmp(outcome->state, "already") == 0) {
            printf("%d already %s\n", outcome->count, verbs[outcome->verb].done);
        } else if (is_success(outcome->verb, outcome->state)) {
            printf("%d %s\n", outcome->count, outcome->state);
        } else {
            printf("%d not %s: %s\n", outcome->count, verbs[outcome->verb].done, outcome->state);
        }
    }
    if (deciding->trashed > 0) {
        printf(
            "their files stay in the trash for %d days: `darkroom revert %s --rejected` takes them "
            "out, `darkroom tidy` removes them afterwards\n",
            DECIDE_TRASH_DAYS, deciding->batch);
    }
    if (deciding->refunded > 0) {
        printf("%lld credits refunded\n", (long long)deciding->refunded);
    }
    if (deciding->undecided > 0) {
        printf("%lld other candidates of these images remain; `darkroom reject %s --all` rejects "
               "all that are not accepted\n",
               (long long)deciding->undecided, deciding->batch);
    }
}

int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct decision_targets *targets, struct error *err)
{
    struct deciding deciding = { .settings = settings,
                                 .session = session,
                                 .batch = batch,
                                 .json = setting_flag(settings, "json") };
    bool good = true;

    operator_name(deciding.operator);
    count_progress_begin(&deciding.progress, "decisions", targets->count, deciding.json);
    for (int i = 0; good && i < targets->count; i++) {
        good = decide_one(&deciding, &targets->list[i], err);
        count_progress_show(&deciding.progress, i + 1, NULL);
    }
    count_progress_end(&deciding.progress);
    if (deciding.outcome_count > 0) {
        print_summary(&deciding);
    }
    return !good                  ? error_rule(err->kind)->exit_status
           : deciding.refused > 0 ? EXIT_STATUS_SOME_FAILED
                                  : EXIT_STATUS_OK;
}
