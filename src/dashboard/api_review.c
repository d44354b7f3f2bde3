/* api_review.c - /api/review: decisions of reviewers on candidates, reasons, and blind comparisons.
 *
 * Each request names the reviewer. A decision takes effect at once; several of one request are made
 * one after the other, each in a transaction of its own. */
#include <stdio.h>
#include <string.h>

#include "dashboard/dashboard_internal.h"

enum { REVIEWER_CHARACTERS = 60, DECISIONS_OF_REQUEST = 100, REASON_CHARACTERS = 40 };

struct review_request {
    struct dashboard *dashboard;
    const cJSON *body;
    const char *reviewer, *batch;
};

/* True if it has a visible character and no control character. */
static bool is_name(const char *text, size_t most)
{
    bool visible = false;

    for (const char *at = text; at && *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 127) {
            return false;
        }
        visible = visible || *at != ' ';
    }
    return visible && utf8_length(text) <= most;
}

/* -- decisions and reasons --------------------------------------------------------------------- */

/* The state that the decision leads to; NULL if it is none. */
static const char *state_after(const char *verb)
{
    return !verb                         ? NULL
           : strcmp(verb, "accept") == 0 ? "accepted"
           : strcmp(verb, "reject") == 0 ? "rejected"
           : strcmp(verb, "revert") == 0 ? "reverted"
                                         : NULL;
}

static bool read_target(const cJSON *row, char item[16], char variant[16], struct error *err)
{
    int64_t numbers[2];

    if (!json_int(row, "item", 1, INT32_MAX, &numbers[0], err) ||
        !json_int(row, "variant", 1, INT32_MAX, &numbers[1], err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    snprintf(item, 16, "%d", (int)numbers[0]);
    snprintf(variant, 16, "%d", (int)numbers[1]);
    return true;
}

static bool decide_one(const struct review_request *review, const cJSON *row, const char *verb,
                       cJSON *results, struct error *err)
{
    char item[16], variant[16];
    char *seen = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(row, "seen"));
    const char *params[] = { review->batch,     item, variant, verb, review->reviewer,
                             seen ? seen : "{}" };
    cJSON *result;
    bool good = read_target(row, item, variant, err) &&
                session_pool_query(review->dashboard->pool, SESSION_WRITE, "review_decide", 6,
                                   params, &result, err);

    if (good) {
        cJSON_AddItemToArray(results, result);
    }
    cJSON_free(seen);
    return good;
}

/* What was decided before an error is part of the answer. */
static bool decide(const struct review_request *review, cJSON *out, struct error *err)
{
    const char *verb = json_peek_text(review->body, "verb");
    cJSON *results = cJSON_AddArrayToObject(out, "results");
    const cJSON *targets, *row;

    if (!state_after(verb)) {
        return error_set(err, ERROR_INPUT, "the decision must be accept, reject or revert");
    }
    if (!json_array(review->body, "targets", &targets, err) ||
        cJSON_GetArraySize(targets) > DECISIONS_OF_REQUEST) {
        return error_set(err, ERROR_INPUT, "a request has at most %d decisions",
                         DECISIONS_OF_REQUEST);
    }
    cJSON_ArrayForEach(row, targets)
    {
        if (!decide_one(review, row, verb, results, err)) {
            if (cJSON_GetArraySize(results) == 0) {
                return false;
            }
            cJSON_AddStringToObject(out, "problem", err->text);
            break;
        }
    }
    return true;
}

static bool tag(const struct review_request *review, cJSON *out, struct error *err)
{
    const char *reason = json_peek_text(review->body, "reason");
    bool given = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(review->body, "given"));
    char item[16], variant[16];
    const char *params[] = { review->batch, item, variant, reason, given ? "true" : "false" };
    cJSON *result;

    if (!is_name(reason, REASON_CHARACTERS)) {
        return error_set(err, ERROR_INPUT, "a reason has 1 to %d characters", REASON_CHARACTERS);
    }
    if (!read_target(review->body, item, variant, err) ||
        !session_pool_query(review->dashboard->pool, SESSION_WRITE, "review_tag", 5, params,
                            &result, err)) {
        return false;
    }
    cJSON_AddItemToObject(out, "result", result);
    return true;
}

/* -- blind comparisons ------------------------------------------------------------------------- */

static bool compare(const struct review_request *review, cJSON *out, struct error *err)
{
    int64_t numbers[2];
    char first[16], second[16];
    const char *params[] = { review->batch, first, second, review->reviewer };
    cJSON *result;

    if (!json_int(review->body, "first", 0, INT32_MAX, &numbers[0], err) ||
        !json_int(review->body, "second", 0, INT32_MAX, &numbers[1], err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    snprintf(first, sizeof first, "%d", (int)numbers[0]);
    snprintf(second, sizeof second, "%d", (int)numbers[1]);
    if (!session_pool_query(review->dashboard->pool, SESSION_WRITE, "review_compare", 4, params,
                            &result, err)) {
        return false;
    }
    cJSON_AddItemToObject(out, "result", result);
    return true;
}

static bool vote(const struct review_request *review, cJSON *out, struct error *err)
{
    const char *pair = json_peek_text(review->body, "pair");
    const char *choice = json_peek_text(review->body, "choice");
    const char *params[] = { pair, review->reviewer, choice };
    cJSON *result;

    if (!pair || !is_job_id(pair) || !choice ||
        (strcmp(choice, "left") != 0 && strcmp(choice, "right") != 0 &&
         strcmp(choice, "same") != 0)) {
        return error_set(err, ERROR_INPUT, "the choice must be left, right or same, of a pair");
    }
    if (!session_pool_query(review->dashboard->pool, SESSION_WRITE, "review_vote", 3, params,
                            &result, err)) {
        return false;
    }
    cJSON_AddItemToObject(out, "result", result);
    return true;
}

/* ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*run)(const struct review_request *review, cJSON *out, struct error *err);
} actions[] = { { "decide", decide }, { "tag", tag }, { "compare", compare }, { "vote", vote } };

static bool run_action(struct review_request *review, cJSON *out, struct error *err)
{
    const char *name = json_peek_text(review->body, "action");

    review->reviewer = json_peek_text(review->body, "reviewer");
    review->batch = json_peek_text(review->body, "batch");
    if (!is_name(review->reviewer, REVIEWER_CHARACTERS)) {
        return error_set(err, ERROR_INPUT, "enter your name, with at most %d characters",
                         REVIEWER_CHARACTERS);
    }
    if (!is_name(review->batch, REVIEWER_CHARACTERS)) {
        return error_set(err, ERROR_INPUT, "this is not the id of a batch");
    }
    for (size_t i = 0; name && i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return actions[i].run(review, out, err);
        }
    }
    return error_set(err, ERROR_INPUT, "the action must be decide, tag, compare or vote");
}

/* One line for each request that decides, with the number of decisions that had an effect. */
static void note_decisions(struct dashboard *dashboard, const struct review_request *review,
                           const cJSON *out)
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(out, "results"), *result;
    const char *wanted = state_after(json_peek_text(review->body, "verb"));
    char count[16], first[40] = "";
    int changed = 0;

    cJSON_ArrayForEach(result, results)
    {
        const char *state = json_peek_text(result, "state");
        const cJSON *row = cJSON_GetObjectItemCaseSensitive(result, "row");

        if (state && wanted && strcmp(state, wanted) == 0 && changed++ == 0) {
            snprintf(first, sizeof first, "%d/%d", (int)json_peek_int(row, "item", 0),
                     (int)json_peek_int(row, "variant", 0));
        }
    }
    snprintf(count, sizeof count, "%d", changed);
    if (changed > 0) {
        dashboard_note(dashboard, "decisions of a reviewer on the dashboard",
                       (struct log_field[]){
                           LOG_TEXT_FIELD("batch", review->batch),
                           LOG_TEXT_FIELD("reviewer", review->reviewer),
                           LOG_TEXT_FIELD("decision", json_peek_text(review->body, "verb")),
                           LOG_TEXT_FIELD("candidates", count), LOG_TEXT_FIELD("first", first) },
                       5);
    }
}

void serve_review(struct dashboard_request *request, struct reply *reply)
{
    struct review_request review = { .dashboard = request->dashboard };
    cJSON *body, *out;
    struct error err;

    if (!json_parse(request->body.data, request->body.size, "the request", &body, &err)) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "The request is not JSON.");
        return;
    }
    review.body = body;
    out = cJSON_CreateObject();
    if (run_action(&review, out, &err)) {
        note_decisions(request->dashboard, &review, out);
        reply_json(reply, out);
    } else {
        reply_failure(reply, &err);
    }
    cJSON_Delete(out);
    cJSON_Delete(body);
}
