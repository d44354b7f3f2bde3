/* response_usage.c - token counts under all their names, and whether they can be true. */
#include <math.h>
#include <stddef.h>

#include "providers/response/response.h"

/* No model accepts or generates as many tokens in one call: the largest context windows have about
 * a million. */
enum { TOKENS_MAX = 10 * 1000 * 1000 };
static const double cost_max_usd = 1000; /* of one call */

enum { MISSING = -1, INVALID = -2 };

/* Returns the first of these members that is set, MISSING, or INVALID if its value is not a whole
 * number of tokens. */
static int64_t count_of(const cJSON *object, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, *names);

        if (item && !cJSON_IsNull(item)) {
            double value = cJSON_IsNumber(item) ? item->valuedouble : -1;

            return value >= 0 && value <= TOKENS_MAX && value == floor(value) ? (int64_t)value
                                                                              : INVALID;
        }
    }
    return MISSING;
}

static int64_t one_count(const cJSON *object, const char *name)
{
    return count_of(object, (const char *const[]){ name, NULL });
}

static const cJSON *first_object(const cJSON *object, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, *names);

        if (cJSON_IsObject(item)) {
            return item;
        }
    }
    return NULL;
}

/* What a response reports; MISSING or INVALID if it does not. */
struct counts {
    int64_t in, out, total;
    int64_t in_text, in_image, cached, cached_text, cached_image;
    int64_t out_text, out_image, reasoning;
};

static void read_counts(const cJSON *usage, struct counts *to)
{
    static const char *const in[] = { "input_tokens", "prompt_tokens",    "inputTokens",
                                      "promptTokens", "promptTokenCount", NULL };
    static const char *const out[] = { "output_tokens",    "completion_tokens",    "outputTokens",
                                       "completionTokens", "candidatesTokenCount", NULL };
    static const char *const total[] = { "total_tokens", "totalTokens", "totalTokenCount", NULL };
    static const char *const in_details[] = { "input_tokens_details", "prompt_tokens_details",
                                              NULL };
    static const char *const out_details[] = { "output_tokens_details", "completion_tokens_details",
                                               NULL };
    static const char *const cached_details[] = { "cached_tokens_details", NULL };
    const cJSON *of_in = first_object(usage, in_details);
    const cJSON *of_out = first_object(usage, out_details);
    const cJSON *of_cached = first_object(of_in, cached_details);
    int64_t thoughts = one_count(usage, "thoughtsTokenCount");

    *to = (struct counts){
        .in = count_of(usage, in),
        .out = count_of(usage, out),
        .total = count_of(usage, total),
        .in_text = one_count(of_in, "text_tokens"),
        .in_image = one_count(of_in, "image_tokens"),
        .cached = one_count(of_in, "cached_tokens"),
        .cached_text = one_count(of_cached, "text_tokens"),
        .cached_image = one_count(of_cached, "image_tokens"),
        .out_text = one_count(of_out, "text_tokens"),
        .out_image = one_count(of_out, "image_tokens"),
        .reasoning = thoughts != MISSING ? thoughts : one_count(of_out, "reasoning_tokens"),
    };
}

static bool all_valid(const struct counts *counts)
{
    const int64_t all[] = { counts->in,          counts->out,          counts->total,
                            counts->in_text,     counts->in_image,     counts->cached,
                            counts->cached_text, counts->cached_image, counts->out_text,
                            counts->out_image,   counts->reasoning };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] == INVALID) {
            return false;
        }
    }
    return true;
}

static int64_t or_zero(int64_t count)
{
    return count > 0 ? count : 0;
}

/* Checks the sums. A call that gave a result has used tokens on both sides. Some servers count
 * reasoning outside of the output: then the total contains it. */
static bool is_consistent(struct counts *counts)
{
    int64_t sum = counts->in + counts->out;

    if (!all_valid(counts) || counts->in <= 0 || counts->out <= 0) {
        return false;
    }
    if (counts->total > sum && counts->total == sum + or_zero(counts->reasoning)) {
        counts->out += counts->reasoning;
    } else if (counts->total != MISSING && counts->total != sum) {
        return false;
    }
    return or_zero(counts->in_text) + or_zero(counts->in_image) <= counts->in &&
           or_zero(counts->out_text) + or_zero(counts->out_image) <= counts->out &&
           or_zero(counts->cached) <= counts->in;
}

static void set_text(const struct counts *counts, struct usage *out)
{
    out->text_cached = or_zero(counts->cached);
    out->text_in = counts->in - out->text_cached;
    out->text_out = counts->out;
    out->image_in = out->image_cached = out->image_out = 0;
}

/* Tokens that the details do not mention count as text of the input and as image of the output. */
static void set_image(const struct counts *counts, struct usage *out)
{
    int64_t text_cached = or_zero(counts->cached_text),
            image_cached = or_zero(counts->cached_image);
    int64_t image_in = or_zero(counts->in_image), text_in = counts->in - image_in;
    int64_t text_out = or_zero(counts->out_text);

    if (text_cached == 0 && image_cached == 0) {
        text_cached = or_zero(counts->cached);
    }
    if (text_cached > text_in || image_cached > image_in) {
        return;
    }
    out->text_cached = text_cached;
    out->image_cached = image_cached;
    out->text_in = text_in - text_cached;
    out->image_in = image_in - image_cached;
    out->text_out = text_out;
    out->image_out = counts->out - text_out;
}

/* The price in USD that the server reports, if it can be true. */
static int64_t reported_cost(const cJSON *usage, const cJSON *top)
{
    double usd = json_peek_number(usage, "cost", json_peek_number(top, "cost", -1));

    return usd > 0 && usd < cost_max_usd ? (int64_t)ceil(usd * 1e6 - 1e-6) : 0;
}

void response_usage(const cJSON *top, enum task task, struct usage *out)
{
    static const char *const names[] = { "usage", "usageMetadata", "usage_metadata", NULL };
    static const struct usage unknown = USAGE_UNKNOWN;
    const cJSON *usage = first_object(top, names);
    struct counts counts;

    *out = unknown;
    out->cost_microusd = reported_cost(usage, top);
    if (!usage) {
        return;
    }
    read_counts(usage, &counts);
    if (!is_consistent(&counts)) {
        return;
    }
    if (task == TASK_TEXT) {
        set_text(&counts, out);
    } else {
        set_image(&counts, out);
    }
}
