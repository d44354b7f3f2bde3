/* trace.c - spans as JSON of OTLP, in a bounded queue. */
#include "telemetry/trace.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <cjson/cJSON.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/secret.h"
#include "telemetry/metrics.h"
#include "telemetry/trace_queue.h"

enum { CLOCK_STEP_US = 50 * 1000 };

static struct {
    bool is_open;
    struct trace_sampler sampler;
    void (*wake)(void *context);
    void *context;
    char *spans[TRACE_QUEUE]; /* a ring */
    int first, count;
    int64_t wall_offset_us; /* from clock_mono_us to microseconds since 1970 */
} queue;

/* -- ids --------------------------------------------------------------------------------------- */

/* Ids need not be secret: if the system has no random bytes, the clock and a count replace them. */
static void fill_random(uint8_t *out, size_t size)
{
    static uint32_t replaced;

    if (getrandom(out, size, 0) != (ssize_t)size) {
        int64_t now = clock_mono_us();

        replaced++;
        memset(out, 0, size);
        memcpy(out, &now, size < sizeof now ? size : sizeof now);
        memcpy(out, &replaced, sizeof replaced);
    }
    if (out[size - 1] == 0) {
        out[size - 1] = 1; /* an id of zeros is not valid */
    }
}

static void write_hex(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* Lower case only, as the specification says. Returns false for an id of zeros too. */
static bool read_hex(const char *text, uint8_t *out, size_t size)
{
    bool any = false;

    for (size_t i = 0; i < size; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *high = text[2 * i] ? strchr(digits, text[2 * i]) : NULL;
        const char *low = high && text[2 * i + 1] ? strchr(digits, text[2 * i + 1]) : NULL;

        if (!low) {
            return false;
        }
        out[i] = (uint8_t)((high - digits) << 4 | (low - digits));
        any = any || out[i] != 0;
    }
    return any;
}

/* A version after 00 may append fields after a further '-'; ff is not valid. */
bool traceparent_read(const char *text, struct trace_context *out)
{
    struct trace_context context = { .is_set = true };
    uint8_t version = 0, flags = 0;
    size_t length = text ? strlen(text) : 0;

    *out = (struct trace_context){ .is_set = false };
    if (length < TRACEPARENT || text[2] != '-' || text[35] != '-' || text[52] != '-' ||
        (length > TRACEPARENT && text[TRACEPARENT] != '-')) {
        return false;
    }
    if ((!read_hex(text, &version, 1) && strncmp(text, "00", 2) != 0) ||
        (!read_hex(text + 53, &flags, 1) && strncmp(text + 53, "00", 2) != 0)) {
        return false;
    }
    if (version == 0xff || (version == 0 && length != TRACEPARENT) ||
        !read_hex(text + 3, context.trace_id, TRACE_ID) ||
        !read_hex(text + 36, context.span_id, SPAN_ID)) {
        return false;
    }
    context.sampled = flags & 1;
    *out = context;
    return true;
}

bool trace_is_on(void)
{
    return queue.is_open;
}

void trace_begin(const struct trace_context *parent, struct trace_context *out)
{
    *out = (struct trace_context){ .is_set = false };
    if (!queue.is_open) {
        return;
    }
    out->is_set = true;
    if (parent->is_set) {
        memcpy(out->trace_id, parent->trace_id, TRACE_ID);
    } else {
        fill_random(out->trace_id, TRACE_ID);
    }
    fill_random(out->span_id, SPAN_ID);
    out->sampled = trace_sampler_decide(&queue.sampler, parent, out->trace_id);
}

/* -- spans ------------------------------------------------------------------------------------- */

static struct span_attribute *add(struct span *span, const char *key)
{
    struct span_attribute *attribute =
        span->attribute_count < SPAN_ATTRIBUTES ? &span->attributes[span->attribute_count++] : NULL;

    if (attribute) {
        *attribute = (struct span_attribute){ .key = key };
    }
    return attribute;
}

void span_text(struct span *span, const char *key, const char *text)
{
    struct span_attribute *attribute = text && text[0] ? add(span, key) : NULL;

    if (attribute) {
        attribute->text = text;
    }
}

void span_whole(struct span *span, const char *key, int64_t number)
{
    struct span_attribute *attribute = add(span, key);

    if (attribute) {
        attribute->number = (double)number;
        attribute->is_whole = true;
    }
}

void span_number(struct span *span, const char *key, double number)
{
    struct span_attribute *attribute = isfinite(number) ? add(span, key) : NULL;

    if (attribute) {
        attribute->number = number;
    }
}

/* 64-bit integers are texts in OTLP's JSON. */
static void add_integer(cJSON *object, const char *name, int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, number);
    cJSON_AddStringToObject(object, name, text);
}

/* A collector rejects the whole batch if a text in it is not UTF-8. */
static void make_utf8(char *text)
{
    if (utf8_length(text) == SIZE_MAX) {
        for (; *text; text++) {
            *text = (char)((unsigned char)*text < 0x80 ? *text : '?');
        }
    }
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    char shown[500];

    secret_copy(shown, sizeof shown, text);
    make_utf8(shown);
    cJSON_AddStringToObject(object, name, shown);
}

static void add_attribute(cJSON *list, const struct span_attribute *attribute)
{
    cJSON *row = cJSON_CreateObject(), *value;

    cJSON_AddStringToObject(row, "key", attribute->key);
    value = cJSON_AddObjectToObject(row, "value");
    if (attribute->text) {
        add_text(value, "stringValue", attribute->text);
    } else if (attribute->is_whole) {
        add_integer(value, "intValue", (int64_t)attribute->number);
    } else {
        cJSON_AddNumberToObject(value, "doubleValue", attribute->number);
    }
    cJSON_AddItemToArray(list, row);
}

static void add_id(cJSON *object, const char *name, const uint8_t *bytes, size_t size)
{
    char hex[2 * TRACE_ID + 1];

    write_hex(bytes, size, hex);
    cJSON_AddStringToObject(object, name, hex);
}

/* The same offset for all spans, so that a child never begins before its parent; a new one only
 * after the clock was set. */
static int64_t wall_us(int64_t mono_us)
{
    int64_t offset = clock_wall_ms() * 1000 - clock_mono_us();

    if (llabs(offset - queue.wall_offset_us) > CLOCK_STEP_US) {
        queue.wall_offset_us = offset;
    }
    return mono_us + queue.wall_offset_us;
}

static char *span_json(const struct span *span)
{
    static const uint8_t none[SPAN_ID] = { 0 };
    cJSON *json = cJSON_CreateObject(), *list, *status;
    char *text;

    add_id(json, "traceId", span->context.trace_id, TRACE_ID);
    add_id(json, "spanId", span->context.span_id, SPAN_ID);
    if (memcmp(span->parent_id, none, SPAN_ID) != 0) {
        add_id(json, "parentSpanId", span->parent_id, SPAN_ID);
    }
    add_text(json, "name", span->name);
    cJSON_AddNumberToObject(json, "kind", span->kind);
    add_integer(json, "startTimeUnixNano", wall_us(span->began_us) * 1000);
    add_integer(json, "endTimeUnixNano", wall_us(span->ended_us) * 1000);
    list = cJSON_AddArrayToObject(json, "attributes");
    for (int i = 0; i < span->attribute_count; i++) {
        add_attribute(list, &span->attributes[i]);
    }
    status = cJSON_AddObjectToObject(json, "status");
    if (span->error) {
        cJSON_AddNumberToObject(status, "code", 2);
        add_text(status, "message", span->error);
    }
    text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    return text;
}

void span_end(const struct span *span)
{
    char *json;

    if (!queue.is_open || !span->context.is_set || !span->context.sampled) {
        return;
    }
    json = queue.count < TRACE_QUEUE ? span_json(span) : NULL;
    if (!json) {
        metric_add(METRIC_SPANS, METRIC_VALUES("dropped"), 1);
        return;
    }
    queue.spans[(queue.first + queue.count++) % TRACE_QUEUE] = json;
    if (queue.count % TRACE_BATCH == 0) {
        queue.wake(queue.context);
    }
}

/* -- the queue --------------------------------------------------------------------------------- */

void trace_queue_open(const struct trace_sampler *sampler, void (*wake)(void *context),
                      void *context)
{
    queue.is_open = true;
    queue.sampler = *sampler;
    queue.wake = wake;
    queue.context = context;
    queue.wall_offset_us = clock_wall_ms() * 1000 - clock_mono_us();
}

void trace_queue_close(void)
{
    for (; queue.count > 0; queue.count--) {
        free(queue.spans[queue.first]);
        queue.first = (queue.first + 1) % TRACE_QUEUE;
    }
    queue.is_open = false;
}

int trace_queue_size(void)
{
    return queue.count;
}

int trace_queue_take(struct text *out)
{
    int taken = 0;

    for (; queue.count > 0 && taken < TRACE_BATCH; taken++) {
        char *span = queue.spans[queue.first];

        if (taken > 0) {
            text_add_char(out, ',');
        }
        text_add(out, span);
        free(span);
        queue.first = (queue.first + 1) % TRACE_QUEUE;
        queue.count--;
    }
    return taken;
}
