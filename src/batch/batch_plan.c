/* batch_plan.c - counts and price of a change of a batch. */
#include "batch/batch_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const names[] = { "pause", "resume", "cancel", "retry-failed" };

bool batch_change_asks(enum batch_change change)
{
    return change == BATCH_CANCEL || change == BATCH_RETRY_FAILED;
}

static long long count_of(const cJSON *batch, const char *key)
{
    return (long long)json_peek_int(batch, key, 0);
}

static const char *plural(long long count)
{
    return count == 1 ? "" : "s";
}

/* Items without a candidate that nothing works on. */
static long long count_waiting(const cJSON *batch)
{
    return count_of(batch, "waiting") + count_of(batch, "queued");
}

double batch_estimated_usd(const cJSON *batch)
{
    const cJSON *estimate = cJSON_GetObjectItemCaseSensitive(batch, "estimate");

    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(estimate, "priceKnown"))
               ? json_peek_number(estimate, "usd", -1)
               : -1;
}

/* The mean cost of the candidates made so far, failures included; before the first one, the
 * estimated cost. Negative if unknown. */
static double usd_each(const cJSON *batch)
{
    double spent = json_peek_number(batch, "spentUsd", 0), estimated = batch_estimated_usd(batch);
    long long done = count_of(batch, "done"), items = count_of(batch, "items");

    if (done > 0) {
        return spent / (double)done;
    }
    return estimated >= 0 && items > 0 ? estimated / (double)items : -1;
}

static bool charges_users(const cJSON *batch)
{
    const char *charge =
        json_peek_text(cJSON_GetObjectItemCaseSensitive(batch, "options"), "charge");

    return charge && strcmp(charge, "users") == 0;
}

bool batch_plan_check(const cJSON *batch, enum batch_change change, struct error *err)
{
    const char *id = json_peek_text(batch, "id"), *state = json_peek_text(batch, "state");

    if (change != BATCH_CANCEL && state && strcmp(state, "cancelled") == 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' is cancelled", id);
    }
    if (change == BATCH_RETRY_FAILED && count_of(batch, "failed") == 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' has no failed items", id);
    }
    return true;
}

/* -- sentences -------------------------------------------------------------------------------- */

static void add_price(struct text *out, const cJSON *batch, long long items)
{
    double each = usd_each(batch);

    if (each < 0) {
        text_add(out, "for an unknown price");
    } else {
        text_printf(out, "for about %.2f USD", each * (double)items);
    }
}

static void add_running(struct text *out, const cJSON *batch)
{
    long long running = count_of(batch, "running");

    if (running > 0) {
        text_printf(out, " %lld that run%s will be finished.", running, running == 1 ? "s" : "");
    }
}

static void add_cancel(struct text *out, const cJSON *batch, const char *id)
{
    long long made = count_of(batch, "done");

    text_printf(out, "Cancel batch %s for good: %lld of %lld items will not be made.", id,
                count_waiting(batch), count_of(batch, "items"));
    add_running(out, batch);
    if (made > 0) {
        text_printf(out, " %lld candidate%s stay%s for the review.", made, plural(made),
                    made == 1 ? "s" : "");
    }
    if (charges_users(batch) && count_waiting(batch) > 0) {
        text_add(out, " Credits charged for items that will not be made are refunded.");
    }
}

static void add_resume(struct text *out, const cJSON *batch, const char *id)
{
    double most = json_peek_number(batch, "maxUsd", -1);
    long long waiting = count_waiting(batch);

    text_printf(out, "Resume batch %s: %lld item%s ", id, waiting, plural(waiting));
    add_price(out, batch, waiting);
    text_printf(out, "; %.2f USD are spent", json_peek_number(batch, "spentUsd", 0));
    if (most >= 0) {
        text_printf(out, ", of at most %.2f", most);
    }
    text_add(out, ".");
}

static void add_retry(struct text *out, const cJSON *batch, const char *id)
{
    long long failed = count_of(batch, "failed");

    text_printf(out, "Make %lld failed item%s of batch %s again, ", failed, plural(failed), id);
    add_price(out, batch, failed);
    text_add(out, charges_users(batch) ? "; their users are charged again." : ".");
}

void batch_plan_text(const cJSON *batch, enum batch_change change, char out[BATCH_PLAN_BYTES])
{
    const char *id = json_peek_text(batch, "id");
    long long waiting = count_waiting(batch);
    struct text text;

    text_begin(&text, BATCH_PLAN_BYTES - 1);
    switch (change) {
    case BATCH_CANCEL:
        add_cancel(&text, batch, id);
        break;
    case BATCH_RETRY_FAILED:
        add_retry(&text, batch, id);
        break;
    case BATCH_RESUME:
        add_resume(&text, batch, id);
        break;
    case BATCH_PAUSE:
        text_printf(&text, "Pause batch %s: %lld item%s will wait.", id, waiting, plural(waiting));
        add_running(&text, batch);
        break;
    }
    snprintf(out, BATCH_PLAN_BYTES, "%s", text.data);
    text_end(&text);
}

cJSON *batch_plan_json(const cJSON *batch, enum batch_change change)
{
    long long items =
        change == BATCH_RETRY_FAILED ? count_of(batch, "failed") : count_waiting(batch);
    double each = usd_each(batch);
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "event", "plan");
    cJSON_AddStringToObject(out, "change", names[change]);
    json_add_text(out, "batch", json_peek_text(batch, "id"));
    cJSON_AddNumberToObject(out, "items", (double)items);
    cJSON_AddNumberToObject(out, "running", (double)count_of(batch, "running"));
    if (change == BATCH_RESUME || change == BATCH_RETRY_FAILED) {
        json_add_number(out, "usd", each < 0 ? NAN : each * (double)items);
    }
    return out;
}
