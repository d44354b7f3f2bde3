/* output_shared.h - objects that several commands print, and fields that several objects have. */
#ifndef CLI_OUTPUT_OUTPUT_SHARED_H
#define CLI_OUTPUT_OUTPUT_SHARED_H
#include "cli/output/output_object.h"

extern const struct output_object output_service, output_batch_queued, output_batch_error,
    output_selection, output_batch_summary, output_batch_progress, output_text_only,
    output_estimate_kind, output_export_object, output_plan_row;

#define PROGRESS_FIELDS(more)                                                                      \
    { "id", OUTPUT_TEXT | (more), .meaning = "id of the batch" },                                  \
        { "state", OUTPUT_TEXT | (more),                                                           \
          .meaning = "state of the batch; filling: items are being queued",                        \
          .values = "filling|running|paused|done|cancelled" },                                     \
        { "reason", OUTPUT_TEXT | OUTPUT_NULL | (more), .meaning = "why it is paused" },           \
        { "created", OUTPUT_TEXT | (more), .meaning = "time at which it was created" },            \
        { "by", OUTPUT_TEXT | OUTPUT_NULL | (more), .meaning = "who created it" },                 \
        { "items", OUTPUT_INTEGER | (more), .meaning = "candidates of the batch" },                \
        { "waiting", OUTPUT_INTEGER | (more), .meaning = "candidates without a job" },             \
        { "queued", OUTPUT_INTEGER | (more), .meaning = "candidates whose job waits" },            \
        { "running", OUTPUT_INTEGER | (more), .meaning = "candidates that are being made" },       \
        { "done", OUTPUT_INTEGER | (more), .meaning = "candidates stored" },                       \
        { "failed", OUTPUT_INTEGER | (more), .meaning = "candidates that failed" },                \
        { "cancelled", OUTPUT_INTEGER | (more), .meaning = "candidates that were cancelled" },     \
        { "accepted", OUTPUT_INTEGER | (more), .meaning = "candidates accepted" },                 \
        { "rejected", OUTPUT_INTEGER | (more), .meaning = "candidates rejected" },                 \
        { "reverted", OUTPUT_INTEGER | (more),                                                     \
          .meaning = "candidates accepted and then reverted" },                                    \
        { "spentUsd", OUTPUT_NUMBER | (more), .meaning = "cost of the calls to models in USD" },   \
        { "reservedUsd", OUTPUT_NUMBER | (more),                                                   \
          .meaning = "cost of the calls in progress in USD, at most" },                            \
        { "maxUsd", OUTPUT_NUMBER | OUTPUT_NULL | (more),                                          \
          .meaning = "limit set by --max-cost in USD; null without one" },                         \
        { "calls", OUTPUT_INTEGER | (more), .meaning = "calls to models" },                        \
        { "ambiguousCalls", OUTPUT_INTEGER | (more),                                               \
          .meaning = "calls without an answer, which may have been billed" },                      \
    {                                                                                              \
        "ambiguousUsd", OUTPUT_NUMBER | (more), .meaning = "expected cost of these calls in USD"   \
    }

#define BATCH_FIELDS                                                                               \
    PROGRESS_FIELDS(0),                                                                            \
    {                                                                                              \
        "what", OUTPUT_OBJECT, .meaning = "what it was made from", .object = &output_selection     \
    }
#define ESTIMATE_FIELDS(more)                                                                      \
    { "textOnly", OUTPUT_OBJECT | OUTPUT_OPTIONAL, .meaning = "options of --text-only",            \
      .object = &output_text_only },                                                               \
        { "withoutPlate", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                        \
          .meaning =                                                                               \
              "images without the picture below their text, which --text-only leaves out" },       \
        { "imageCalls", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "calls to image models: 0 with --text-only" },                                \
        { "images", OUTPUT_INTEGER | (more), .meaning = "images selected" },                       \
        { "candidates", OUTPUT_INTEGER | (more), .meaning = "candidates to make" },                \
        { "projects", OUTPUT_INTEGER | (more), .meaning = "projects of these images" },            \
        { "users", OUTPUT_INTEGER | (more), .meaning = "users who own them" },                     \
        { "usd", OUTPUT_NUMBER | OUTPUT_NULL | (more), .meaning = "expected cost in USD" },        \
        { "usdMin", OUTPUT_NUMBER | OUTPUT_NULL | (more),                                          \
          .meaning = "lowest expected cost in USD" },                                              \
        { "usdMax", OUTPUT_NUMBER | OUTPUT_NULL | (more),                                          \
          .meaning = "highest expected cost in USD" },                                             \
        { "priceKnown", OUTPUT_BOOLEAN | (more),                                                   \
          .meaning = "whether the price of every call is known" },                                 \
        { "calls", OUTPUT_INTEGER | (more), .meaning = "expected calls to models" },               \
        { "pricedByRecordedCalls", OUTPUT_INTEGER | (more),                                        \
          .meaning = "calls priced by similar calls of the last 30 days" },                        \
        { "pricedByTable", OUTPUT_INTEGER | (more),                                                \
          .meaning = "calls priced by the price table" },                                          \
        { "credits", OUTPUT_INTEGER | (more), .meaning = "credits that users are charged" },       \
        { "secondsMin", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "shortest expected duration in seconds" },                                    \
        { "secondsMax", OUTPUT_INTEGER | OUTPUT_OPTIONAL,                                          \
          .meaning = "longest expected duration in seconds" },                                     \
    {                                                                                              \
        "kinds", OUTPUT_LIST | (more), .meaning = "the estimate by image type and model",          \
                                       .object = &output_estimate_kind                             \
    }
#endif
