/* job_retry.c - question and retries. */
#include "cli/jobs/job_retry.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/text.h"
#include "batch/batch_run.h"
#include "cli/jobs/job_retry_plan.h"
#include "io/stop_signals.h"
#include "term/confirm.h"
#include "term/count_progress.h"
#include "term/table.h"

struct retry {
    struct sql_session *session;
    const struct settings *settings;
    struct retry_plan plan;
    int64_t queued, left_out;
    struct count_progress progress;
};

static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    stop_requested = number;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool confirm_plan(const struct retry *retry, struct error *err)
{
    char text[RETRY_SUMMARY_BYTES], question[RETRY_SUMMARY_BYTES + 20];
    bool json = setting_flag(retry->settings, "json"), yes = setting_flag(retry->settings, "yes");
    enum answer answer;

    retry_plan_summary(&retry->plan, text);
    if (json) {
        retry_plan_json(&retry->plan);
    } else {
        retry_plan_print(&retry->plan, stdout);
        printf("%s\n", text);
    }
    fflush(stdout);
    if (setting_flag(retry->settings, "dry-run") || yes) {
        return true;
    }
    snprintf(question, sizeof question, "Retry %d job%s?", retry->plan.jobs,
             retry->plan.jobs == 1 ? "" : "s");
    answer = confirm(question);
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "this retries %d jobs, but there is no terminal to confirm it",
                  retry->plan.jobs);
        return error_hint(err, "Check with --dry-run, then use --yes.");
    }
    return answer == ANSWER_YES || error_set(err, ERROR_INPUT, "nothing was retried");
}

/* -- retries ----------------------------------------------------------------------------------- */

void job_retry_print(cJSON *answer, const char *id)
{
    cJSON_AddStringToObject(answer, "event", "retried");
    cJSON_AddStringToObject(answer, "id", id);
    table_json(stdout, answer, NULL);
}

static bool retry_one(struct retry *retry, const char *id, struct error *err)
{
    cJSON *answer;
    const char *state;

    if (!database_query(retry->session, "jobs_retry", 1, &id, &answer, err)) {
        return false;
    }
    state = json_peek_text(answer, "state");
    if (state && strcmp(state, "queued") == 0) {
        retry->queued++;
    } else {
        retry->left_out++; /* another command or the seller was faster */
    }
    if (setting_flag(retry->settings, "json")) {
        job_retry_print(answer, id);
    }
    cJSON_Delete(answer);
    count_progress_show(&retry->progress, retry->queued + retry->left_out, NULL);
    return true;
}

/* Items of a batch wait for new jobs, which are queued at once, unless the batch is paused. */
static bool retry_items(struct retry *retry, const cJSON *batch, struct error *err)
{
    const char *params[2] = { batch->string, NULL }, *state;
    cJSON *answer = NULL;
    const cJSON *id;
    struct text ids;
    int64_t changed;
    bool good;

    text_begin(&ids, (size_t)RETRY_MOST_JOBS * 40);
    text_add_char(&ids, '{');
    cJSON_ArrayForEach(id, batch)
    {
        text_printf(&ids, "%s%s", ids.size > 1 ? "," : "", cJSON_GetStringValue(id));
    }
    text_add_char(&ids, '}');
    params[1] = ids.data;
    good = database_query(retry->session, "batch_retry_items", 2, params, &answer, err);
    text_end(&ids);
    changed = json_peek_int(answer, "changed", 0);
    state = json_peek_text(answer, "state");
    if (good) {
        retry->queued += changed;
        retry->left_out += cJSON_GetArraySize(batch) - changed;
    }
    if (changed > 0 && state && strcmp(state, "paused") == 0) {
        fprintf(stderr, "%s is paused: `darkroom batch resume %s` starts its items\n",
                batch->string, batch->string);
    } else if (changed > 0) {
        good = batch_queue_and_detach(retry->session, retry->settings, batch->string, err);
    }
    cJSON_Delete(answer);
    return good;
}

static bool retry_all(struct retry *retry, struct error *err)
{
    const cJSON *id, *batch;
    bool good = true;

    stop_signals_handle(on_signal);
    count_progress_begin(&retry->progress, "retried", retry->plan.jobs,
                         setting_flag(retry->settings, "json"));
    cJSON_ArrayForEach(id, member(retry->plan.data, "jobs"))
    {
        good = good && !stop_requested && retry_one(retry, cJSON_GetStringValue(id), err);
    }
    count_progress_end(&retry->progress);
    cJSON_ArrayForEach(batch, member(retry->plan.data, "batches"))
    {
        good = good && !stop_requested && retry_items(retry, batch, err);
    }
    return good;
}

static int print_end(const struct retry *retry)
{
    int64_t left = retry->plan.jobs - retry->queued - retry->left_out;

    if (setting_flag(retry->settings, "json")) {
        printf("{\"event\":\"done\",\"retried\":%lld,\"leftOut\":%lld,\"notReached\":%lld}\n",
               (long long)retry->queued, (long long)retry->left_out, (long long)left);
    } else {
        printf("%lld of %d retried", (long long)retry->queued, retry->plan.jobs);
        if (retry->left_out > 0) {
            printf("; %lld were retried or requested meanwhile", (long long)retry->left_out);
        }
        printf(left > 0 ? "; %lld are left: the same command continues\n" : "\n", (long long)left);
    }
    return stop_requested ? EXIT_STATUS_INTERRUPTED : EXIT_STATUS_OK;
}

int job_retry_matching(struct sql_session *session, const struct settings *settings,
                       struct error *err)
{
    struct retry retry = { .session = session,
                           .settings = settings,
                           .plan = { .session = session, .settings = settings } };
    int status = 0;

    if (!retry_plan_make(&retry.plan, err)) {
        return 0;
    }
    if (retry.plan.jobs == 0) {
        if (setting_flag(settings, "json")) {
            retry_plan_json(&retry.plan);
        } else {
            retry_plan_print(&retry.plan, stderr);
        }
        error_set(err, ERROR_INPUT, "no failed job matches that can be retried");
        err->cause = ERROR_CAUSE_EMPTY;
        error_hint(err, "`darkroom jobs --status failed` with the same flags lists failed jobs.");
    } else if (confirm_plan(&retry, err) && !setting_flag(settings, "dry-run")) {
        bool good = retry_all(&retry, err);

        status = print_end(&retry);
        status = good ? status : 0;
    }
    retry_plan_free(&retry.plan);
    return status;
}
