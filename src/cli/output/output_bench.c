/* output_bench.c - objects of darkroom models, darkroom profile and darkroom bench. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- models and latency */

static const struct output_field image_price_fields[] = {
    { "size", OUTPUT_TEXT, .meaning = "size: WIDTHxHEIGHT in pixels" },
    { "quality", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "quality; null if the model has none" },
    { "usd", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "cost of the answer in USD; null if unknown" },
    { .name = NULL },
};

static const struct output_object image_price = {
    .name = "image-price",
    .meaning = "The price of an image",
    .fields = image_price_fields,
};

static const struct output_field model_fields[] = {
    OUTPUT_EVENT("model"),
    { "id", OUTPUT_TEXT, .meaning = "id of the model" },
    { "provider", OUTPUT_TEXT, .meaning = "provider" },
    { "makes", OUTPUT_TEXT, .meaning = "what it makes", .values = "images|images, text|text" },
    { "takesPhotos", OUTPUT_BOOLEAN, .meaning = "whether it takes photos" },
    { "partialImages", OUTPUT_INTEGER, .meaning = "partial images that it can stream at most" },
    { "default", OUTPUT_BOOLEAN, .meaning = "whether it is the default of its provider for a use" },
    { "available", OUTPUT_BOOLEAN, .meaning = "whether it can be used today" },
    { "shutdown", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "day on which it is shut down" },
    { "replacement", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "model that replaces it" },
    { "usdPerImage", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "cost of an image of 1024x1024 in USD; null if unknown" },
    { "usdPerMillionIn", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "cost of a million input tokens in USD" },
    { "usdPerMillionOut", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "cost of a million output tokens in USD" },
    { "prices", OUTPUT_LIST | OUTPUT_OPTIONAL,
      .meaning = "prices by size and quality; missing for models of text", .object = &image_price },
    { "state", OUTPUT_TEXT, .meaning = "\"default\", or when it retires; empty for others" },
    { .name = NULL },
};

static const struct output_object model = {
    .name = "model",
    .meaning = "A model of the catalog",
    .fields = model_fields,
};

const struct output_object *const output_models[] = { &model, NULL };

static const struct output_field profile_call_fields[] = {
    { "provider", OUTPUT_TEXT, .meaning = "provider" },
    { "model", OUTPUT_TEXT, .meaning = "model" },
    { "task", OUTPUT_TEXT, .meaning = "what the calls make", .values = "image|edit|text" },
    { "width", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "width in pixels" },
    { "height", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "height in pixels" },
    { "quality", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "quality" },
    { "count", OUTPUT_INTEGER, .meaning = "calls measured" },
    { "p50", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "median in seconds" },
    { "p90", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "90th percentile in seconds" },
    { "p95", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "95th percentile in seconds" },
    { "p99", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "99th percentile in seconds" },
    { "mean", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "mean in seconds" },
    { "usd", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "cost of all calls divided by those with a result, in USD" },
    { "requestsAMinute", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "rate limit of the provider, in requests a minute" },
    { .name = NULL },
};

static const struct output_object profile_call = {
    .name = "profile-call",
    .meaning = "Latency of one kind of call",
    .fields = profile_call_fields,
};

static const struct output_field profile_fields[] = {
    OUTPUT_EVENT("profile"),
    { "schema", OUTPUT_INTEGER, .meaning = "version of the format" },
    { "calls", OUTPUT_LIST, .meaning = "kinds of calls, most frequent first",
      .object = &profile_call },
    { .name = NULL },
};

static const struct output_object profile = {
    .name = "profile",
    .meaning = "A latency profile, as --profile reads it",
    .fields = profile_fields,
};

const struct output_object *const output_profile[] = { &profile, NULL };

/* -- bench */

static const struct output_object bench_sample = {
    .name = "sample",
    .meaning = "One request",
    .bench_definition = "sample",
};

static const struct output_object bench_summary = {
    .name = "summary",
    .meaning = "Results of a run",
    .bench_definition = "summary",
};

static const struct output_object bench_sweep = {
    .name = "sweep",
    .meaning = "Results of a sweep",
    .bench_definition = "sweep",
};

static const struct output_field planned_target_fields[] = {
    { "name", OUTPUT_TEXT, .meaning = "name of the target" },
    { "requests", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "requests with the warm-up; null if the duration limits them" },
    { "seconds", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "duration in seconds; null if the number of requests limits it" },
    { "usdMaxEach", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "highest cost of one request in USD; null if unknown" },
    { .name = NULL },
};

static const struct output_object planned_target = {
    .name = "planned-target",
    .meaning = "A target of a planned run",
    .fields = planned_target_fields,
};

static const struct output_field bench_plan_fields[] = {
    OUTPUT_EVENT("plan"),
    { "targets", OUTPUT_LIST, .meaning = "the targets", .object = &planned_target },
    { "levels", OUTPUT_INTEGER, .meaning = "loads of the sweep; 1 without one" },
    { "usdMax", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "highest cost of all in USD; null without a limit" },
    { .name = NULL },
};

static const struct output_object bench_plan = {
    .name = "bench-plan",
    .meaning = "What a run would do (--dry-run)",
    .fields = bench_plan_fields,
};

static const struct output_field largest_load_fields[] = {
    OUTPUT_EVENT("largest-load"),
    { "target", OUTPUT_TEXT, .meaning = "name of the target" },
    { "p95Below", OUTPUT_NUMBER, .meaning = "bound of the 95th percentile in seconds" },
    { "largestLoad", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "largest confirmed number of requests in flight; null if none is confirmed" },
    { "confidence", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "confidence of this number" },
    { "requests", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "requests of the confirmation" },
    { "exceeded", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "of these, requests that took longer or failed" },
    { "firstLoadAbove", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "lowest load that exceeds the bound; null if none was found" },
    { "spentUsd", OUTPUT_NUMBER, .meaning = "cost of the calls to models in USD" },
    { .name = NULL },
};

static const struct output_object largest_load = {
    .name = "largest-load",
    .meaning = "The largest load within a latency bound (--find-load)",
    .fields = largest_load_fields,
};

static const struct output_field comparison_fields[] = {
    OUTPUT_EVENT("comparison"),
    { "target", OUTPUT_TEXT, .meaning = "name of the target" },
    { "figure", OUTPUT_TEXT, .meaning = "name of the figure" },
    { "before", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "figure of the earlier run" },
    { "beforeText", OUTPUT_TEXT, .meaning = "the same, as the table shows it" },
    { "after", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "figure of the later run" },
    { "afterText", OUTPUT_TEXT, .meaning = "the same, as the table shows it" },
    { "verdict", OUTPUT_TEXT, .meaning = "the difference, in words" },
    { "difference", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "after minus before" },
    { "low", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "lower bound of the 95 % interval of the difference" },
    { "high", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "upper bound of this interval" },
    { "significant", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether the interval excludes 0" },
    { .name = NULL },
};

static const struct output_object comparison = {
    .name = "comparison",
    .meaning = "A figure of two runs (bench compare)",
    .fields = comparison_fields,
};

static const struct output_field verification_fields[] = {
    OUTPUT_EVENT("verified"),
    { "unchanged", OUTPUT_BOOLEAN, .meaning = "whether they are" },
    { "lines", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "lines of the samples; null if they were changed" },
    { "head", OUTPUT_TEXT | OUTPUT_NULL,
      .meaning = "head of the hash chain; null if they were changed" },
    { "reason", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "what was changed" },
    { .name = NULL },
};

static const struct output_object verification = {
    .name = "verification",
    .meaning = "Whether the samples of a run are those that it measured (bench verify)",
    .fields = verification_fields,
};

const struct output_object *const output_bench[] = { &bench_sample, &bench_summary,
                                                     &bench_sweep,  &bench_plan,
                                                     &largest_load, &comparison,
                                                     &verification, NULL };
