/* decide.c - carries decisions out, and tells what became of them. */
#include "batch/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/store_client.h"
#include "base/clock.h"
#include "batch/operator.h"
#include "io/loop.h"
#include "io/perform.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_progress.h"

enum { STATES = 16, STATE_BYTES = 40, SOME_REFUSED = 3, TRIES = 3, TOLD = 5 };

static const struct {
    const char *name, *statement, *done;
} verbs[] = {
    [DECIDE_ACCEPT] = { "accept", "batch_accept", "accepted" },
    [DECIDE_REJECT] = { "reject", "batch_reject", "rejected" },
    [DECIDE_REVERT] = { "revert", "batch_revert", "reverted" },
};

struct tally { /* how many came to the same end */
    enum decide_verb verb;
    char state[STATE_BYTES];
    int count;
};

struct deciding {
    const struct settings *settings;
    struct sql_session *session;
    const char *batch;
    bool json;
    char by[OPERATOR_BYTES];
    struct tally tallies[STATES];
    int tally_count, refused;
    int64_t refunded;  /* credits */
    int64_t undecided; /* other candidates of what was accepted */
    struct term_progress *term;
    int64_t began_us;
    struct store_client reach; /* where something is to be removed */
    struct arena *arena;       /* of the objects that wait to be removed */
    struct object objects[STORE_REMOVES];
    int object_count, fresh; /* that were not rejected before */
    int removed, left;
    struct error trouble; /* the first that kept a file from being removed */
};

/* -- files of what is rejected --------------------------------------------------------------- */

static bool remove_once(struct deciding *deciding, uint32_t wait_ms, struct error *err)
{
    const struct job_context *job_context = &deciding->reach.worker_setup.job_context;
    struct performer *performer = deciding->reach.performer;
    struct op op = { 0 };
    bool good;

    if (!job_context->store->remove(&job_context->store_target, deciding->objects,
                                    deciding->object_count, deciding->arena, &op, err)) {
        return false;
    }
    op.sleep_ms = wait_ms;
    perform_wait(performer, deciding->reach.loop, &op);
    *err = op.error;
    good = err->kind == ERROR_NONE && job_context->store->remove_done(&op, err);
    op_clear(&op);
    return good;
}

/* All that wait, in one request. What cannot be removed now is removed by the same command again.
 */
static void remove_files(struct deciding *deciding)
{
    struct error why = { .kind = ERROR_NONE };
    bool good = deciding->object_count == 0;
    uint32_t wait_ms = 0;

    for (int i = 0; !good && i < TRIES; i++) {
        good = remove_once(deciding, wait_ms, &why);
        if (!good && !error_rule(why.kind)->retry) {
            break;
        }
        wait_ms = why.retry_ms ? why.retry_ms : 500u << i;
    }
    if (good) {
        deciding->removed += deciding->fresh;
    } else {
        deciding->left += deciding->object_count;
        deciding->trouble = deciding->trouble.kind == ERROR_NONE ? why : deciding->trouble;
    }
    deciding->object_count = deciding->fresh = 0;
    arena_free(deciding->arena);
    deciding->arena = arena_new();
}

/* Only what lies in our own bucket: a row may say anything. */
static void queue_removal(struct deciding *deciding, const char *url, bool fresh)
{
    const struct job_context *job_context = &deciding->reach.worker_setup.job_context;
    struct object object = { 0 };

    if (!url || !object_of_url(&job_context->store_target, url, deciding->arena, &object) ||
        strcmp(object.bucket, job_context->bucket) != 0) {
        return;
    }
    deciding->objects[deciding->object_count++] = object;
    deciding->fresh += fresh;
    if (deciding->object_count == STORE_REMOVES) {
        remove_files(deciding);
    }
}

/* -- one ------------------------------------------------------------------------------------- */

static bool is_good(enum decide_verb verb, const char *state)
{
    return strcmp(state, verbs[verb].done) == 0 || strcmp(state, "already") == 0;
}

static void count(struct deciding *deciding, enum decide_verb verb, const char *state)
{
    int i = 0;

    while (i < deciding->tally_count &&
           (deciding->tallies[i].verb != verb || strcmp(deciding->tallies[i].state, state) != 0)) {
        i++;
    }
    if (i == STATES) {
        return;
    }
    if (i == deciding->tally_count) {
        deciding->tally_count++;
        deciding->tallies[i] = (struct tally){ .verb = verb };
        snprintf(deciding->tallies[i].state, STATE_BYTES, "%s", state);
    }
    deciding->tallies[i].count++;
}

static void note(struct deciding *deciding, const struct decision_target *wish, const cJSON *answer)
{
    const char *state = json_peek_text(answer, "state");

    state = state ? state : "not known";
    count(deciding, wish->verb, state);
    deciding->refunded += json_peek_int(answer, "refunded", 0);
    deciding->undecided += json_peek_int(answer, "undecided", 0);
    if (!is_good(wish->verb, state)) {
        deciding->refused++;
        if (!deciding->json && deciding->refused <= TOLD) {
            char line[160];

            snprintf(line, sizeof line, "item %d, variant %d cannot be %s: %s", wish->item,
                     wish->variant, verbs[wish->verb].done, state);
            if (deciding->term) {
                term_progress_note(deciding->term, line);
            } else {
                fprintf(stderr, "%s\n", line);
            }
        }
    } else if (wish->verb == DECIDE_REJECT) {
        queue_removal(deciding, json_peek_text(answer, "url"), strcmp(state, "already") != 0);
    }
    if (deciding->json) {
        printf("{\"item\":%d,\"variant\":%d,\"verb\":\"%s\",\"state\":\"%s\"}\n", wish->item,
               wish->variant, verbs[wish->verb].name, state);
    }
}

static bool decide_one(struct deciding *deciding, const struct decision_target *wish,
                       struct error *err)
{
    char item[16], variant[16];
    const char *params[] = { deciding->batch, item, variant, deciding->by };
    cJSON *answer;

    snprintf(item, sizeof item, "%d", wish->item);
    snprintf(variant, sizeof variant, "%d", wish->variant);
    if (!database_query(deciding->session, verbs[wish->verb].statement, 4, params, &answer, err)) {
        if (!err->hint[0]) {
            error_hint(err, "Give the same command again: what is done stays done.");
        }
        return false;
    }
    note(deciding, wish, answer);
    cJSON_Delete(answer);
    return true;
}

static void draw(struct deciding *deciding, int done, int all)
{
    char state[64];
    struct term_progress_row row = { .name = "decisions",
                                     .state = state,
                                     .began_us = deciding->began_us };

    if (deciding->term) {
        snprintf(state, sizeof state, "%d of %d", done, all);
        term_progress_update(deciding->term, &row, 1);
    }
}

/* -- all ------------------------------------------------------------------------------------- */

static void tell(const struct deciding *deciding)
{
    if (deciding->json) {
        printf("{\"total\":true,\"batch\":\"%s\"", deciding->batch);
        for (int i = 0; i < deciding->tally_count; i++) {
            const struct tally *tally = &deciding->tallies[i];

            printf(",\"%s: %s\":%d", verbs[tally->verb].name, tally->state, tally->count);
        }
        printf(",\"refunded\":%lld,\"filesRemoved\":%d,\"filesLeft\":%d}\n",
               (long long)deciding->refunded, deciding->removed, deciding->left);
        return;
    }
    for (int i = 0; i < deciding->tally_count; i++) {
        const struct tally *tally = &deciding->tallies[i];

        if (strcmp(tally->state, "already") == 0) {
            printf("%d %s already\n", tally->count, verbs[tally->verb].done);
        } else if (is_good(tally->verb, tally->state)) {
            printf("%d %s\n", tally->count, tally->state);
        } else {
            printf("%d not %s: %s\n", tally->count, verbs[tally->verb].done, tally->state);
        }
    }
    if (deciding->removed > 0) {
        printf("%d files removed\n", deciding->removed);
    }
    if (deciding->refunded > 0) {
        printf("%lld credits given back\n", (long long)deciding->refunded);
    }
    if (deciding->undecided > 0) {
        printf("other candidates of these: %lld; `darkroom reject %s --all` removes all that were "
               "not accepted\n",
               (long long)deciding->undecided, deciding->batch);
    }
}

static bool rejects(const struct decision_targets *decision_targets)
{
    for (int i = 0; i < decision_targets->count; i++) {
        if (decision_targets->list[i].verb == DECIDE_REJECT) {
            return true;
        }
    }
    return false;
}

static int verdict(const struct deciding *deciding, struct error *err)
{
    if (deciding->left > 0) {
        error_set(err, deciding->trouble.kind, "%d files could not be removed: %.200s",
                  deciding->left, deciding->trouble.text);
        error_hint(err, "Give the same command again: what is done stays done.");
        return error_rule(err->kind)->exit_status;
    }
    return deciding->refused > 0 ? SOME_REFUSED : 0;
}

int decide(const struct settings *settings, struct sql_session *session, const char *batch,
           const struct decision_targets *decision_targets, struct error *err)
{
    struct deciding deciding = { .settings = settings,
                                 .session = session,
                                 .batch = batch,
                                 .json = setting_flag(settings, "json"),
                                 .began_us = clock_mono_us(),
                                 .arena = arena_new() };
    bool good = !rejects(decision_targets) || store_client_open(settings, &deciding.reach, err);
    int status = 0;

    operator_name(deciding.by);
    deciding.term =
        good && !deciding.json && term_is_live(stderr) ? term_progress_begin(stderr) : NULL;
    for (int i = 0; good && i < decision_targets->count; i++) {
        good = decide_one(&deciding, &decision_targets->list[i], err);
        draw(&deciding, i + 1, decision_targets->count);
    }
    remove_files(&deciding);
    if (deciding.term) {
        term_progress_end(deciding.term, NULL, 0);
    }
    if (deciding.tally_count > 0) {
        tell(&deciding);
    }
    status = good ? verdict(&deciding, err) : error_rule(err->kind)->exit_status;
    store_client_close(&deciding.reach);
    arena_free(deciding.arena);
    return status;
}
