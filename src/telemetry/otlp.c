/* otlp.c - batches of spans, and what happens if the collector does not take them. */
#include "telemetry/otlp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/http/header_list.h"
#include "telemetry/metrics.h"
#include "telemetry/trace_queue.h"

enum {
    SEND_MS = 5000, /* OTEL_BSP_SCHEDULE_DELAY */
    WAKE_MS = 10,
    TIMEOUT_MS = 10 * 1000,
    BATCH_BYTES = 8 << 20,
    RESPONSE_BYTES = 1 << 16,
    TRIES = 5,
    FIRST_RETRY_MS = 2000,
    WAIT_MS = 50
};

struct otlp {
    struct loop *loop;
    struct performer *performer;
    char *url, *resource; /* the resource: JSON */
    struct header_list headers;
    struct loop_timer *timer, *retry_timer;
    struct op op;
    struct text body; /* of the batch that is being sent */
    int spans;        /* in it; 0: none */
    int tries;
    bool sending, stopping, failing;
};

/* -- configuration ----------------------------------------------------------------------------- */

static char *endpoint_url(const struct otlp_config *config)
{
    const char *base = config->endpoint;
    size_t size = base ? strlen(base) : 0;
    char *url = NULL;

    if (config->traces_endpoint) {
        return xstrdup(config->traces_endpoint);
    }
    while (size > 0 && base[size - 1] == '/') {
        size--;
    }
    if (asprintf(&url, "%.*s/v1/traces", (int)size, base) < 0) {
        FATAL("out of memory");
    }
    return url;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static void decode_percent(char *text)
{
    char *out = text;

    for (; *text; text++) {
        int high = *text == '%' ? hex_digit(text[1]) : -1;
        int low = high >= 0 ? hex_digit(text[2]) : -1;

        *out++ = low > 0 || high > 0 ? (char)(high * 16 + low) : *text;
        text += low >= 0 ? 2 : 0;
    }
    *out = '\0';
}

static void add_attribute(cJSON *list, const char *key, const char *text)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "key", key);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(row, "value"), "stringValue", text);
    cJSON_AddItemToArray(list, row);
}

/* OTEL_SERVICE_NAME wins over the service.name of OTEL_RESOURCE_ATTRIBUTES. */
static char *resource_json(const struct otlp_config *config)
{
    cJSON *resource = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(resource, "attributes");
    char *copy = xstrdup(config->resource ? config->resource : ""), *saved = NULL, *text;
    const char *name = config->service_name;

    for (char *pair = strtok_r(copy, ",", &saved); pair; pair = strtok_r(NULL, ",", &saved)) {
        char *value = strchr(pair, '=');

        pair += strspn(pair, " \t");
        if (!value || value == pair) {
            continue;
        }
        *value++ = '\0';
        decode_percent(value);
        if (strcmp(pair, "service.name") != 0) {
            add_attribute(list, pair, value);
        } else if (!name) {
            name = value;
        }
    }
    add_attribute(list, "service.name", name ? name : "darkroom");
    add_attribute(list, "service.version", DARKROOM_VERSION);
    add_attribute(list, "service.instance.id", config->worker);
    text = cJSON_PrintUnformatted(resource);
    cJSON_Delete(resource);
    free(copy);
    return text;
}

/* -- sending ----------------------------------------------------------------------------------- */

static void on_answer(struct op *op, void *context);

static void send_batch(void *context)
{
    struct otlp *otlp = context;
    struct op *op = &otlp->op;

    otlp->sending = true;
    otlp->tries++;
    op_clear(op);
    op->kind = OP_HTTP;
    op->timeout_ms = TIMEOUT_MS;
    op->http.method = "POST";
    op->http.url = otlp->url;
    op->http.body = blob_view(otlp->body.data, otlp->body.size);
    op->http.max_response_bytes = RESPONSE_BYTES;
    op_header(op, "Content-Type", "application/json");
    header_list_add(&otlp->headers, op);
    otlp->performer->begin(otlp->performer, op, on_answer, otlp);
}

static void begin_batch(void *context)
{
    struct otlp *otlp = context;

    if (otlp->spans > 0 || trace_queue_size() == 0) {
        return;
    }
    text_begin(&otlp->body, BATCH_BYTES);
    text_printf(&otlp->body,
                "{\"resourceSpans\":[{\"resource\":%s,\"scopeSpans\":[{\"scope\":{\"name\":"
                "\"darkroom\",\"version\":\"%s\"},\"spans\":[",
                otlp->resource, DARKROOM_VERSION);
    otlp->spans = trace_queue_take(&otlp->body);
    text_add(&otlp->body, "]}]}]}");
    otlp->tries = 0;
    send_batch(otlp);
}

static void end_batch(struct otlp *otlp, const char *outcome)
{
    metric_add(METRIC_SPANS, METRIC_VALUES(outcome), otlp->spans);
    text_end(&otlp->body);
    otlp->spans = 0;
    if (trace_queue_size() >= TRACE_BATCH || otlp->stopping) {
        loop_timer_start(otlp->timer, WAKE_MS, SEND_MS);
    }
}

static void log_result(struct otlp *otlp, const char *why)
{
    if (why && !otlp->failing) {
        log_event(LOG_WARNING, "the collector takes no spans; they are repeated, then dropped",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", why) }, 1);
    } else if (!why && otlp->failing) {
        log_printf(LOG_INFO, "the collector takes spans again");
    }
    otlp->failing = why != NULL;
}

/* The specification names these as the ones to be repeated. */
static bool may_pass(const struct op *op)
{
    int status = op->http_response.status;

    return op->error.kind == ERROR_NETWORK || status == 429 || status == 502 || status == 503 ||
           status == 504;
}

static uint32_t retry_ms(const struct otlp *otlp)
{
    uint32_t asked = otlp->op.http_response.retry_after_ms, own = FIRST_RETRY_MS << otlp->tries;

    return asked > own && asked <= 60 * 1000 ? asked : own;
}

static void on_answer(struct op *op, void *context)
{
    struct otlp *otlp = context;
    int status = op->http_response.status;
    char why[200] = "";

    otlp->sending = false;
    if (op->error.kind != ERROR_NONE) {
        secret_copy(why, sizeof why, op->error.text);
    } else if (status < 200 || status > 299) {
        snprintf(why, sizeof why, "it answered with HTTP status %d", status);
    }
    if (op->error.kind != ERROR_STOPPED) {
        log_result(otlp, why[0] ? why : NULL);
    }
    if (why[0] && may_pass(op) && otlp->tries < TRIES && !otlp->stopping) {
        loop_timer_start(otlp->retry_timer, retry_ms(otlp), 0);
    } else {
        end_batch(otlp, why[0] ? "dropped" : "sent");
    }
    op_clear(op);
}

/* -- start and stop ---------------------------------------------------------------------------- */

static void wake(void *context)
{
    struct otlp *otlp = context;

    loop_timer_start(otlp->timer, WAKE_MS, SEND_MS);
}

bool otlp_start(struct loop *loop, struct performer *performer, const struct otlp_config *config,
                struct otlp **out, struct error *err)
{
    struct trace_sampler sampler;
    struct header_list headers;
    struct otlp *otlp;

    *out = NULL;
    if (!config->endpoint && !config->traces_endpoint) {
        return true;
    }
    if (!trace_sampler_read(config->sampler, config->sampler_argument, &sampler, err) ||
        !header_list_read(config->headers, &headers, err)) {
        return false;
    }
    otlp = xcalloc(1, sizeof *otlp);
    otlp->loop = loop;
    otlp->performer = performer;
    otlp->headers = headers;
    otlp->url = endpoint_url(config);
    otlp->resource = resource_json(config);
    otlp->timer = loop_timer_new(loop, begin_batch, otlp);
    otlp->retry_timer = loop_timer_new(loop, send_batch, otlp);
    loop_timer_start(otlp->timer, SEND_MS, SEND_MS);
    trace_queue_open(&sampler, wake, otlp);
    metric_declare(METRIC_SPANS, METRIC_VALUES("sent"));
    metric_declare(METRIC_SPANS, METRIC_VALUES("dropped"));
    *out = otlp;
    return true;
}

void otlp_stop(struct otlp *otlp, uint32_t limit_ms)
{
    int64_t end_us = clock_mono_us() + (int64_t)limit_ms * 1000;
    bool cancelled = false;

    if (!otlp) {
        return;
    }
    otlp->stopping = true;
    if (otlp->spans > 0 && !otlp->sending) { /* it waits for its repetition */
        loop_timer_stop(otlp->retry_timer);
        send_batch(otlp);
    }
    begin_batch(otlp);
    while (otlp->sending || (trace_queue_size() > 0 && !cancelled)) {
        loop_wait(otlp->loop, WAIT_MS);
        if (clock_mono_us() >= end_us && otlp->sending && !cancelled) {
            cancelled = true;
            otlp->performer->cancel(otlp->performer, &otlp->op);
        }
    }
    metric_add(METRIC_SPANS, METRIC_VALUES("dropped"), trace_queue_size());
    trace_queue_close();
    loop_timer_free(otlp->timer);
    loop_timer_free(otlp->retry_timer);
    header_list_free(&otlp->headers);
    free(otlp->url);
    free(otlp->resource);
    free(otlp);
}
