/* output_export.c - objects of darkroom export and darkroom plan. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- export */

static const struct output_field rule_result_fields[] = {
    { "rule", OUTPUT_TEXT, .meaning = "name of the rule" },
    { "passed", OUTPUT_BOOLEAN, .meaning = "whether the file is within it" },
    { "measured", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "measured value, in the unit of the limit" },
    { "limit", OUTPUT_TEXT, .meaning = "the limit, in words" },
    { "message", OUTPUT_TEXT, .meaning = "the result, in words" },
    { .name = NULL },
};

static const struct output_object rule_result = {
    .name = "rule-result",
    .meaning = "A rule of a marketplace, applied to a file",
    .fields = rule_result_fields,
};

static const struct output_field check_result_fields[] = {
    { "check", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "name of the check" },
    { "passed", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL, .meaning = "whether the image passed" },
    { "measured", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "measured value" },
    { "limit", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "limit, in the same unit" },
    { "message", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "the result, in words" },
    { .name = NULL },
};

static const struct output_object check_result = {
    .name = "check-result",
    .meaning = "A check that the worker made when it stored the image",
    .fields = check_result_fields,
    .open = true,
};

static const struct output_field export_file_fields[] = {
    { "file", OUTPUT_TEXT, .meaning = "name in the ZIP" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "module", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "number of the A+ module, from 1" },
    { "image", OUTPUT_INTEGER | OUTPUT_OPTIONAL,
      .meaning = "number of the image in this module, from 1" },
    { "source", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the stored image" },
    { "inZip", OUTPUT_BOOLEAN, .meaning = "whether it is in the ZIP" },
    { "storedWidth", OUTPUT_INTEGER, .meaning = "width of the stored image in pixels" },
    { "storedHeight", OUTPUT_INTEGER, .meaning = "height of the stored image in pixels" },
    { "change", OUTPUT_TEXT | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "how it was changed to fit the rules" },
    { "width", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "width in the ZIP in pixels" },
    { "height", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "height in the ZIP in pixels" },
    { "bytes", OUTPUT_INTEGER | OUTPUT_OPTIONAL, .meaning = "size in the ZIP in bytes" },
    { "sha256", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "SHA-256 of the file in the ZIP" },
    { "problem", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "why it is not in the ZIP" },
    { "action", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "what can be done about it" },
    { "rules", OUTPUT_LIST, .meaning = "rules of the marketplace, applied to the file",
      .object = &rule_result },
    { "checksOfTheWorker", OUTPUT_LIST | OUTPUT_OPTIONAL,
      .meaning = "checks that the worker made when it stored the image", .object = &check_result },
    { .name = NULL },
};

static const struct output_object export_file = {
    .name = "export-file",
    .meaning = "An image of an export",
    .fields = export_file_fields,
};

static const struct output_field export_gap_fields[] = {
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "reason", OUTPUT_TEXT, .meaning = "why it is not there" },
    { "action", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "what can be done about it" },
    { .name = NULL },
};

static const struct output_object export_gap = {
    .name = "export-gap",
    .meaning = "An image that is not in the export",
    .fields = export_gap_fields,
};

static const struct output_field export_object_fields[] = {
    { "event", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "kind of the object", .values = "export" },
    { "marketplace", OUTPUT_TEXT, .meaning = "marketplace" },
    { "project", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "id of the project" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "identifier", OUTPUT_TEXT,
      .meaning = "identifier that names the files: ASIN, SKU or product" },
    { "upload", OUTPUT_TEXT, .meaning = "how the marketplace takes the files" },
    { "files", OUTPUT_LIST, .meaning = "images that the marketplace takes",
      .object = &export_file },
    { "missing", OUTPUT_LIST, .meaning = "images that do not exist", .object = &export_gap },
    { "leftOut", OUTPUT_LIST, .meaning = "images that the marketplace does not take",
      .object = &export_gap },
    { "notes", OUTPUT_LIST, .meaning = "what else to know" },
    { "complete", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether every image is in the ZIP; missing with --dry-run" },
    { "dryRun", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether nothing was written; missing in the record of a pack" },
    { "output", OUTPUT_TEXT | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "path of the ZIP; null if none was written; missing in the record of a pack" },
    { .name = NULL },
};

const struct output_object output_export_object = {
    .name = "export",
    .meaning = "The ZIP of a project's images for a marketplace",
    .fields = export_object_fields,
};

const struct output_object *const output_export[] = { &output_export_object, NULL };

/* -- plan */

static const struct output_field plan_row_fields[] = {
    OUTPUT_EVENT("plan-row"),
    { "what", OUTPUT_TEXT, .meaning = "the image or text" },
    { "model", OUTPUT_TEXT, .meaning = "model that makes it" },
    { "requestedSize", OUTPUT_TEXT | OUTPUT_OPTIONAL,
      .meaning = "requested size: WIDTHxHEIGHT in pixels" },
    { "storedSize", OUTPUT_TEXT | OUTPUT_OPTIONAL,
      .meaning = "stored size: WIDTHxHEIGHT in pixels" },
    { "secondsMedian", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "median duration of such calls in seconds" },
    { "secondsP95", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "95th percentile of the same in seconds" },
    { "usdMin", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "lowest cost in USD; missing if the price is unknown" },
    { "usdMax", OUTPUT_NUMBER | OUTPUT_OPTIONAL, .meaning = "highest cost in USD" },
    { "refused", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL, .meaning = "true: the model cannot make it" },
    { .name = NULL },
};

const struct output_object output_plan_row = {
    .name = "plan-row",
    .meaning = "An image or text of a pack",
    .fields = plan_row_fields,
};

static const struct output_field planned_project_fields[] = {
    OUTPUT_EVENT("planned-project"),
    { "project", OUTPUT_TEXT, .meaning = "id of the project" },
    { "name", OUTPUT_TEXT, .meaning = "name of the project" },
    { "product", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "status", OUTPUT_TEXT, .meaning = "status of the project" },
    { "user", OUTPUT_TEXT, .meaning = "id of the user who owns it" },
    { "photos", OUTPUT_INTEGER, .meaning = "photos; without one, every image fails" },
    { "described", OUTPUT_BOOLEAN, .meaning = "whether it has a description" },
    { .name = NULL },
};

static const struct output_object planned_project = {
    .name = "planned-project",
    .meaning = "The project that is planned",
    .fields = planned_project_fields,
};

static const struct output_field plan_total_fields[] = {
    OUTPUT_EVENT("plan-total"),
    { "total", OUTPUT_BOOLEAN, .meaning = "true: the object has the sums" },
    { "usdMin", OUTPUT_NUMBER, .meaning = "lowest cost in USD, of what has a known price" },
    { "usdMax", OUTPUT_NUMBER, .meaning = "highest cost in USD, of what has a known price" },
    { "priceKnown", OUTPUT_BOOLEAN, .meaning = "whether every price is known" },
    { "secondsMedian", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "median duration of the pack in seconds" },
    { "secondsP95", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "95th percentile of the same in seconds" },
    { .name = NULL },
};

static const struct output_object plan_total = {
    .name = "plan-total",
    .meaning = "Sums of a plan; the last object",
    .fields = plan_total_fields,
};

const struct output_object *const output_plan[] = { &planned_project, &output_plan_row, &plan_total,
                                                    NULL };
