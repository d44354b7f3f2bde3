/* webhook.c - takes events that are due, sends them, and records the results. */
#include "telemetry/webhook.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "io/hmac.h"
#include "telemetry/metrics.h"
#include "telemetry/webhook_target.h"

enum {
    IN_FLIGHT = 8,
    POLL_MS = 2000,
    WAKE_MS = 20,
    TIMEOUT_MS = 15 * 1000,
    RESPONSE_BYTES = 1 << 20,
    FIRST_DELAY_MS = 5000,
    LONGEST_DELAY_MS = 2 * 3600 * 1000,
    WAIT_MS = 50
};

struct delivery {
    struct webhooks *webhooks;
    struct arena *arena; /* NULL: unused */
    struct webhook_target *target;
    struct op op; /* the request; then the statement that records the result */
    int64_t row;
    const char *event_id, *body;
    int attempts;
};

struct webhooks {
    struct loop *loop;
    struct performer *performer;
    const struct secret *secret;
    bool with_cost;
    struct webhook_target targets[MAX_WEBHOOKS];
    int target_count;
    char *targets_json;
    struct loop_timer *timer;
    struct op claim;
    struct arena *claim_arena; /* NULL: none is in flight */
    struct delivery deliveries[IN_FLIGHT];
    int in_flight;
    bool more; /* the last claim returned as many events as asked for */
    bool claim_failed;
    uint64_t random;
};

/* -- results ----------------------------------------------------------------------------------- */

/* 5 s, 15 s, 45 s, ... 2 h; between half of it and all of it. */
static int64_t delay_ms(struct webhooks *webhooks, const struct delivery *delivery)
{
    const struct http_response *response = &delivery->op.http_response;
    double delay = FIRST_DELAY_MS;

    for (int i = 1; i < delivery->attempts && delay < LONGEST_DELAY_MS; i++) {
        delay *= 3;
    }
    delay = delay < LONGEST_DELAY_MS ? delay : LONGEST_DELAY_MS;
    delay *= 0.5 + random_uniform(&webhooks->random) / 2;
    if (response->retry_after_ms > delay && response->retry_after_ms <= LONGEST_DELAY_MS) {
        delay = response->retry_after_ms;
    }
    return (int64_t)delay;
}

static void delivery_close(struct delivery *delivery)
{
    struct webhooks *webhooks = delivery->webhooks;

    op_clear(&delivery->op);
    arena_free(delivery->arena);
    *delivery = (struct delivery){ .webhooks = webhooks };
    webhooks->in_flight--;
    if (webhooks->more || webhooks->in_flight == 0) {
        webhooks_wake(webhooks);
    }
}

/* If the result cannot be recorded, the event is delivered again after two minutes. */
static void on_recorded(struct op *op, void *context)
{
    (void)op;
    delivery_close(context);
}

static void log_delivery(struct delivery *delivery, const char *result, const char *why)
{
    bool delivered = strcmp(result, "delivered") == 0, given_up = strcmp(result, "given_up") == 0;
    struct webhook_target *target = delivery->target;
    enum log_level level = given_up || (!delivered && !target->failing) ? LOG_WARNING : LOG_DEBUG;

    log_event(level,
              delivered  ? "webhook delivered"
              : given_up ? "webhook given up: the receiver no longer wants events"
                         : "webhook not delivered; it is repeated for a day",
              (struct log_field[]){ LOG_TEXT_FIELD("webhook", target->shown),
                                    LOG_TEXT_FIELD("event", delivery->event_id),
                                    LOG_NUMBER_FIELD("attempt", delivery->attempts),
                                    LOG_TEXT_FIELD("error", why) },
              delivered ? 3 : 4);
    if (delivered && target->failing) {
        log_event(LOG_INFO, "the webhook's receiver accepts events again",
                  (struct log_field[]){ LOG_TEXT_FIELD("webhook", target->shown) }, 1);
    }
    target->failing = !delivered;
}

static void record(struct delivery *delivery, const char *result, const char *why)
{
    struct arena *arena = delivery->arena;
    int64_t delay = delay_ms(delivery->webhooks, delivery);
    struct performer *performer = delivery->webhooks->performer;
    struct op *op = &delivery->op;

    metric_add(METRIC_WEBHOOK_DELIVERIES, METRIC_VALUES(result), 1);
    log_delivery(delivery, result, why);
    op_clear(op);
    op->kind = OP_SQL;
    op->sql.statement = "webhook_end";
    op_param(op, arena_printf(arena, "%" PRId64, delivery->row));
    op_param(op, result);
    op_param(op, arena_text(arena, why));
    op_param(op, arena_printf(arena, "%" PRId64, delay));
    performer->begin(performer, op, on_recorded, delivery);
}

static void on_answer(struct op *op, void *context)
{
    struct delivery *delivery = context;
    int status = op->http_response.status;
    char why[200] = "";

    if (op->error.kind == ERROR_STOPPED) { /* delivered again after two minutes, by any worker */
        delivery_close(delivery);
        return;
    }
    if (op->error.kind != ERROR_NONE) {
        secret_copy(why, sizeof why, op->error.text);
    } else if (status < 200 || status > 299) {
        snprintf(why, sizeof why, "the receiver answered with HTTP status %d", status);
    }
    record(delivery, why[0] == '\0' ? "delivered" : status == 410 ? "given_up" : "retry", why);
}

/* -- requests ---------------------------------------------------------------------------------- */

static void post(struct delivery *delivery)
{
    struct webhooks *webhooks = delivery->webhooks;
    struct arena *arena = delivery->arena;
    struct op *op = &delivery->op;
    char *id = arena_printf(arena, "evt_%s", delivery->event_id);
    char *timestamp = arena_printf(arena, "%" PRId64, clock_wall_ms() / 1000);
    char *signed_text = arena_printf(arena, "%s.%s.%s", id, timestamp, delivery->body);
    char signature[HMAC_TEXT];
    struct error err;

    if (!hmac_sign(webhooks->secret, signed_text, strlen(signed_text), signature, &err)) {
        record(delivery, "retry", err.text);
        return;
    }
    op->kind = OP_HTTP;
    op->timeout_ms = TIMEOUT_MS;
    op->http.method = "POST";
    op->http.url = delivery->target->url;
    op->http.body = blob_text(delivery->body);
    op->http.max_response_bytes = RESPONSE_BYTES;
    op_header(op, "Content-Type", "application/json");
    op_header(op, "webhook-id", id);
    op_header(op, "webhook-timestamp", timestamp);
    op_header(op, "webhook-signature", arena_printf(arena, "v1,%s", signature));
    webhooks->performer->begin(webhooks->performer, op, on_answer, delivery);
}

static struct webhook_target *find_target(struct webhooks *webhooks, const char *id)
{
    for (int i = 0; id && i < webhooks->target_count; i++) {
        if (strcmp(webhooks->targets[i].id, id) == 0) {
            return &webhooks->targets[i];
        }
    }
    return NULL;
}

static void deliver(struct webhooks *webhooks, const cJSON *event)
{
    const char *id = json_peek_text(event, "eventId"), *body = json_peek_text(event, "body");
    const char *webhook = json_peek_text(event, "webhook");
    struct webhook_target *target = find_target(webhooks, webhook);
    struct delivery *delivery = webhooks->deliveries;

    if (!id || !body || !target || webhooks->in_flight == IN_FLIGHT) {
        return; /* it is due again after two minutes */
    }
    while (delivery->arena) {
        delivery++;
    }
    webhooks->in_flight++;
    delivery->arena = arena_new();
    delivery->target = target;
    delivery->row = json_peek_int(event, "id", 0);
    delivery->attempts = (int)json_peek_int(event, "attempts", 1);
    delivery->event_id = arena_text(delivery->arena, id);
    delivery->body = arena_text(delivery->arena, body);
    post(delivery);
}

/* -- claims ------------------------------------------------------------------------------------ */

static void log_claim(struct webhooks *webhooks, const struct error *error)
{
    bool failed = error->kind != ERROR_NONE && error->kind != ERROR_STOPPED;

    if (failed && !webhooks->claim_failed) {
        log_event(LOG_WARNING, "events for webhooks cannot be read; jobs continue",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", error->text) }, 1);
    }
    webhooks->claim_failed = failed;
}

static void on_claimed(struct op *op, void *context)
{
    struct webhooks *webhooks = context;
    int asked = IN_FLIGHT - webhooks->in_flight;
    struct error err = op->error;
    const cJSON *event;
    cJSON *top = NULL;

    webhooks->more = false;
    if (err.kind == ERROR_NONE &&
        json_parse_own(op->sql_result.value.data, op->sql_result.value.size, "events of webhooks",
                       &top, &err)) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(top, "events");

        webhooks->more = cJSON_GetArraySize(list) >= asked;
        cJSON_ArrayForEach(event, list)
        {
            deliver(webhooks, event);
        }
    }
    cJSON_Delete(top);
    log_claim(webhooks, &err);
    op_clear(op);
    arena_free(webhooks->claim_arena);
    webhooks->claim_arena = NULL;
}

static void claim(void *context)
{
    struct webhooks *webhooks = context;
    struct op *op = &webhooks->claim;

    if (webhooks->claim_arena || webhooks->in_flight == IN_FLIGHT) {
        return;
    }
    webhooks->claim_arena = arena_new();
    op->kind = OP_SQL;
    op->sql.statement = "webhook_claim";
    op_param(op, webhooks->targets_json);
    op_param(op, arena_printf(webhooks->claim_arena, "%d", IN_FLIGHT - webhooks->in_flight));
    op_param(op, webhooks->with_cost ? "true" : "false");
    webhooks->performer->begin(webhooks->performer, op, on_claimed, webhooks);
}

/* -- start and stop ---------------------------------------------------------------------------- */

struct webhooks *webhooks_start(struct loop *loop, struct performer *performer,
                                const struct webhook_config *config)
{
    struct webhooks *webhooks = xcalloc(1, sizeof *webhooks);

    webhooks->loop = loop;
    webhooks->performer = performer;
    webhooks->secret = config->secret;
    webhooks->with_cost = config->with_cost;
    webhooks->random = (uint64_t)clock_mono_us();
    for (int i = 0; i < IN_FLIGHT; i++) {
        webhooks->deliveries[i].webhooks = webhooks;
    }
    webhooks->target_count = webhook_targets_open(config->urls, webhooks->targets);
    webhooks->targets_json = webhook_targets_json(webhooks->targets, webhooks->target_count);
    webhooks->timer = loop_timer_new(loop, claim, webhooks);
    loop_timer_start(webhooks->timer, 0, POLL_MS);
    return webhooks;
}

void webhooks_wake(struct webhooks *webhooks)
{
    if (webhooks) {
        loop_timer_start(webhooks->timer, WAKE_MS, POLL_MS);
    }
}

static bool is_busy(const struct webhooks *webhooks)
{
    return webhooks->claim_arena || webhooks->in_flight > 0;
}

/* Ends what is in flight: it is delivered again by another worker. */
static void cancel(struct webhooks *webhooks)
{
    struct performer *performer = webhooks->performer;

    if (webhooks->claim_arena) {
        performer->cancel(performer, &webhooks->claim);
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
        if (webhooks->deliveries[i].arena) {
            performer->cancel(performer, &webhooks->deliveries[i].op);
        }
    }
}

void webhooks_stop(struct webhooks *webhooks, uint32_t limit_ms)
{
    int64_t end_us = clock_mono_us() + (int64_t)limit_ms * 1000;
    bool cancelled = false, asked = false;

    if (!webhooks) {
        return;
    }
    for (;;) {
        bool asks = !cancelled && !webhooks->claim_arena && (!asked || webhooks->more);

        if (asks && webhooks->in_flight < IN_FLIGHT) { /* the last jobs may have written events */
            claim(webhooks);
            asked = true;
        }
        if (!is_busy(webhooks)) {
            break;
        }
        loop_wait(webhooks->loop, WAIT_MS);
        if (!cancelled && clock_mono_us() >= end_us) {
            cancelled = true;
            cancel(webhooks);
        }
    }
    loop_timer_free(webhooks->timer);
    webhook_targets_close(webhooks->targets, webhooks->target_count);
    free(webhooks->targets_json);
    free(webhooks);
}
