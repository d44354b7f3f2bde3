/* output_packs.c - objects of darkroom demo and darkroom make. */
#include <stddef.h>

#include "cli/output/output_object.h"
#include "cli/output/output_shared.h"

/* -- demo and make */

static const struct output_field brand_fields[] = {
    { "name", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name" },
    { "primary", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "first colour" },
    { "accent", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "second colour" },
    { .name = NULL },
};

static const struct output_object brand = {
    .name = "brand",
    .meaning = "The brand of a product",
    .fields = brand_fields,
};

static const struct output_field record_project_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the project" },
    { "name", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the project" },
    { "productName", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "category", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "category of the product" },
    { "description", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "text of the product" },
    { "status", OUTPUT_TEXT, .meaning = "status of the project" },
    { "brand", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "the brand", .object = &brand },
    { .name = NULL },
};

static const struct output_object record_project = {
    .name = "record-project",
    .meaning = "The product",
    .fields = record_project_fields,
};

static const struct output_field record_call_fields[] = {
    { "step", OUTPUT_TEXT, .meaning = "step of the job that made the call" },
    { "call", OUTPUT_INTEGER, .meaning = "number of the call within the step, from 0" },
    { "provider", OUTPUT_TEXT, .meaning = "provider that was called" },
    { "model", OUTPUT_TEXT, .meaning = "model that was called" },
    { "outcome", OUTPUT_TEXT, .meaning = "outcome, such as ok or rejected" },
    { "ms", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "milliseconds until the answer was complete" },
    { "usd", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "cost in USD" },
    { .name = NULL },
};

static const struct output_object record_call = {
    .name = "record-call",
    .meaning = "A paid call to a model",
    .fields = record_call_fields,
};

static const struct output_field record_rejection_fields[] = {
    { "call", OUTPUT_INTEGER, .meaning = "id of the call" },
    { "check", OUTPUT_TEXT, .meaning = "name of the check" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "why it was rejected" },
    { "measured", OUTPUT_NUMBER | OUTPUT_NULL,
      .meaning = "measured value, in the unit of the check" },
    { "limit", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "limit of the check, in the same unit" },
    { "file", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "name of its picture in the folder" },
    { .name = NULL },
};

static const struct output_object record_rejection = {
    .name = "record-rejection",
    .meaning = "An answer that a check rejected",
    .fields = record_rejection_fields,
};

static const struct output_field step_times_fields[] = {
    { "*", OUTPUT_NUMBER, .meaning = "duration in milliseconds" },
    { .name = NULL },
};

static const struct output_object step_times = {
    .name = "step-times",
    .meaning = "Durations by name of the step",
    .fields = step_times_fields,
};

static const struct output_field record_job_fields[] = {
    { "id", OUTPUT_TEXT, .meaning = "id of the job" },
    { "type", OUTPUT_TEXT, .meaning = "job type" },
    { "image", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "image type" },
    { "module", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "number of the A+ module, from 0" },
    { "slot", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "number of the image in this module, from 0" },
    { "status", OUTPUT_TEXT, .meaning = "status: pending, processing, completed or failed" },
    { "retries", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "attempts that failed and were repeated" },
    { "message", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "the sentence for the seller" },
    { "waited", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "seconds from its request to its start" },
    { "seconds", OUTPUT_NUMBER | OUTPUT_NULL, .meaning = "seconds from its start to its end" },
    { "calls", OUTPUT_LIST, .meaning = "paid calls to models", .object = &record_call },
    { "rejections", OUTPUT_LIST, .meaning = "answers that checks rejected",
      .object = &record_rejection },
    { "steps", OUTPUT_OBJECT | OUTPUT_OPTIONAL, .meaning = "durations of its steps",
      .object = &step_times },
    { .name = NULL },
};

static const struct output_object record_job = {
    .name = "record-job",
    .meaning = "A job of the pack",
    .fields = record_job_fields,
};

static const struct output_field record_image_fields[] = {
    { "job", OUTPUT_TEXT, .meaning = "id of the job that made it" },
    { "type", OUTPUT_TEXT, .meaning = "image type" },
    { "style", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "style" },
    { "module", OUTPUT_INTEGER | OUTPUT_NULL, .meaning = "number of the A+ module, from 0" },
    { "slot", OUTPUT_INTEGER | OUTPUT_NULL,
      .meaning = "number of the image in this module, from 0" },
    { "url", OUTPUT_TEXT, .meaning = "address in the run's own store" },
    { "width", OUTPUT_INTEGER, .meaning = "width in pixels" },
    { "height", OUTPUT_INTEGER, .meaning = "height in pixels" },
    { "bytes", OUTPUT_INTEGER, .meaning = "size of the file in bytes" },
    { "metadata", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "how it was made" },
    { "file", OUTPUT_TEXT, .meaning = "name in the folder" },
    { .name = NULL },
};

static const struct output_object record_image = {
    .name = "record-image",
    .meaning = "An image of the pack",
    .fields = record_image_fields,
};

static const struct output_field aplus_module_fields[] = {
    { "type", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "module type" },
    { .name = NULL },
};

static const struct output_object aplus_module = {
    .name = "aplus-module",
    .meaning = "A module of A+ content, as the application reads it",
    .fields = aplus_module_fields,
    .open = true,
};

static const struct output_field aplus_fields[] = {
    { "premium", OUTPUT_BOOLEAN, .meaning = "whether it is premium A+ content" },
    { "modules", OUTPUT_LIST, .meaning = "its modules", .object = &aplus_module },
    { .name = NULL },
};

static const struct output_object aplus = {
    .name = "aplus",
    .meaning = "The A+ content",
    .fields = aplus_fields,
};

static const struct output_field record_entry_fields[] = {
    { "amount", OUTPUT_INTEGER, .meaning = "credits: negative if they were used" },
    { "type", OUTPUT_TEXT, .meaning = "type of the transaction" },
    { "description", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "description" },
    { "balance", OUTPUT_INTEGER, .meaning = "credits after it" },
    { .name = NULL },
};

static const struct output_object record_entry = {
    .name = "record-entry",
    .meaning = "A transaction of the run",
    .fields = record_entry_fields,
};

static const struct output_field record_sum_fields[] = {
    { "amount", OUTPUT_INTEGER, .meaning = "credits" },
    { "count", OUTPUT_INTEGER, .meaning = "transactions" },
    { "description", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "description" },
    { "balance", OUTPUT_INTEGER, .meaning = "credits after them" },
    { .name = NULL },
};

static const struct output_object record_sum = {
    .name = "record-sum",
    .meaning = "Transactions with the same description",
    .fields = record_sum_fields,
};

static const struct output_field record_origin_fields[] = {
    { "provider", OUTPUT_TEXT, .meaning = "provider of the images" },
    { "imageModel", OUTPUT_TEXT, .meaning = "model of the images" },
    { "textModel", OUTPUT_TEXT, .meaning = "model of the texts" },
    { "marketplace", OUTPUT_TEXT, .meaning = "marketplace whose rules apply" },
    { "version", OUTPUT_TEXT, .meaning = "version of darkroom" },
    { .name = NULL },
};

static const struct output_object record_origin = {
    .name = "record-origin",
    .meaning = "What made the pack",
    .fields = record_origin_fields,
};

static const struct output_field run_times_fields[] = {
    { "postgres", OUTPUT_NUMBER, .meaning = "time to start Postgres" },
    { "tables", OUTPUT_NUMBER, .meaning = "time to create the tables" },
    { "jobs", OUTPUT_NUMBER, .meaning = "time to run the jobs" },
    { "album", OUTPUT_NUMBER, .meaning = "time to write the results" },
    { "total", OUTPUT_NUMBER, .meaning = "time of the whole run" },
    { .name = NULL },
};

static const struct output_object run_times = {
    .name = "run-times",
    .meaning = "Durations of the parts of the run, in seconds",
    .fields = run_times_fields,
};

static const struct output_field record_fields[] = {
    OUTPUT_EVENT("record"),
    { "project", OUTPUT_OBJECT, .meaning = "the product", .object = &record_project },
    { "jobs", OUTPUT_LIST, .meaning = "its jobs", .object = &record_job },
    { "images", OUTPUT_LIST, .meaning = "its images", .object = &record_image },
    { "aplus", OUTPUT_OBJECT | OUTPUT_NULL, .meaning = "its A+ content", .object = &aplus },
    { "ledger", OUTPUT_LIST, .meaning = "credits that it used", .object = &record_entry },
    { "sums", OUTPUT_LIST, .meaning = "the same credits, by description", .object = &record_sum },
    { "balance", OUTPUT_INTEGER, .meaning = "credits left" },
    { "made", OUTPUT_OBJECT, .meaning = "what made it", .object = &record_origin },
    { "sku", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "SKU of the product" },
    { "seconds", OUTPUT_OBJECT, .meaning = "durations", .object = &run_times },
    { "photo", OUTPUT_TEXT, .meaning = "name of the first photo in the folder" },
    { "export", OUTPUT_OBJECT | OUTPUT_OPTIONAL, .meaning = "the ZIP for the marketplace",
      .object = &output_export_object },
    { "zip", OUTPUT_TEXT | OUTPUT_OPTIONAL,
      .meaning = "name of the ZIP in the folder; empty if no image is within the rules" },
    { "folder", OUTPUT_TEXT, .meaning = "folder of the results" },
    { "complete", OUTPUT_BOOLEAN, .meaning = "whether every image and text was made" },
    { "photos", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "SHA-256 of the photos" },
    { "inputs", OUTPUT_TEXT | OUTPUT_OPTIONAL, .meaning = "SHA-256 of photos and texts" },
    { .name = NULL },
};

static const struct output_object record = {
    .name = "record",
    .meaning = "A pack, with all that is recorded about it; also stored as record.json",
    .fields = record_fields,
};

static const struct output_field price_row_fields[] = {
    OUTPUT_EVENT("price-row"),
    { "marketplace", OUTPUT_TEXT, .meaning = "marketplace" },
    { "products", OUTPUT_INTEGER, .meaning = "products" },
    { "images", OUTPUT_INTEGER, .meaning = "images" },
    { "texts", OUTPUT_INTEGER, .meaning = "texts" },
    { "usdMin", OUTPUT_NUMBER, .meaning = "lowest cost in USD, of what has a known price" },
    { "usdMax", OUTPUT_NUMBER, .meaning = "highest cost in USD, of what has a known price" },
    { .name = NULL },
};

static const struct output_object price_row = {
    .name = "price-row",
    .meaning = "The price of all packs for one marketplace (--dry-run)",
    .fields = price_row_fields,
};

static const struct output_field price_total_fields[] = {
    OUTPUT_EVENT("price-total"),
    { "total", OUTPUT_BOOLEAN, .meaning = "true: the object has the sums" },
    { "products", OUTPUT_INTEGER, .meaning = "products to make" },
    { "images", OUTPUT_INTEGER, .meaning = "images to make" },
    { "texts", OUTPUT_INTEGER, .meaning = "texts to make" },
    { "usdMin", OUTPUT_NUMBER, .meaning = "lowest cost in USD, of what has a known price" },
    { "usdMax", OUTPUT_NUMBER, .meaning = "highest cost in USD, of what has a known price" },
    { "priceKnown", OUTPUT_BOOLEAN, .meaning = "whether every price is known" },
    { "secondsMin", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "shortest expected duration in seconds" },
    { "secondsMax", OUTPUT_NUMBER | OUTPUT_OPTIONAL,
      .meaning = "longest expected duration in seconds" },
    { "measured", OUTPUT_BOOLEAN | OUTPUT_OPTIONAL,
      .meaning = "whether the durations come from a latency profile" },
    { .name = NULL },
};

static const struct output_object price_total = {
    .name = "price-total",
    .meaning = "The price of all packs (--dry-run); the last object",
    .fields = price_total_fields,
};

static const struct output_field list_fault_fields[] = {
    OUTPUT_EVENT("list-fault"),
    { "line", OUTPUT_INTEGER, .meaning = "line of the file, from 1; 0 for the file itself" },
    { "column", OUTPUT_TEXT, .meaning = "column; empty if the fault is in the line or file" },
    { "message", OUTPUT_TEXT, .meaning = "what is wrong" },
    { .name = NULL },
};

static const struct output_object list_fault = {
    .name = "list-fault",
    .meaning = "A fault of the file given with --csv",
    .fields = list_fault_fields,
};

static const struct output_field missing_part_fields[] = {
    { "part", OUTPUT_TEXT, .meaning = "the image or text" },
    { "message", OUTPUT_TEXT, .meaning = "why, and what to do" },
    { .name = NULL },
};

static const struct output_object missing_part = {
    .name = "missing-part",
    .meaning = "What a product lacks",
    .fields = missing_part_fields,
};

static const struct output_field product_fields[] = {
    OUTPUT_EVENT("product"),
    { "sku", OUTPUT_TEXT, .meaning = "SKU of the product" },
    { "name", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of the product" },
    { "marketplace", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "marketplace" },
    { "folder", OUTPUT_TEXT, .meaning = "folder of its results, below the folder of the run" },
    { "status", OUTPUT_TEXT, .meaning = "what was made of it",
      .values = "complete|incomplete|not made" },
    { "mainImage", OUTPUT_TEXT | OUTPUT_NULL | OUTPUT_OPTIONAL,
      .meaning = "name of its main image in the folder" },
    { "images", OUTPUT_INTEGER, .meaning = "images made" },
    { "aplus", OUTPUT_BOOLEAN, .meaning = "whether its A+ content was made" },
    { "usd", OUTPUT_NUMBER, .meaning = "cost of its calls to models in USD" },
    { "zip", OUTPUT_TEXT | OUTPUT_NULL, .meaning = "name of its ZIP in the folder" },
    { "missing", OUTPUT_LIST, .meaning = "what it lacks", .object = &missing_part },
    { .name = NULL },
};

static const struct output_object product = {
    .name = "product",
    .meaning = "A product of --csv",
    .fields = product_fields,
};

static const struct output_field product_total_fields[] = {
    OUTPUT_EVENT("product-total"),
    { "total", OUTPUT_BOOLEAN, .meaning = "true: the object has the sums" },
    { "products", OUTPUT_INTEGER, .meaning = "products of the file" },
    { "complete", OUTPUT_INTEGER, .meaning = "products with a complete pack" },
    { "usd", OUTPUT_NUMBER, .meaning = "cost of the calls to models in USD" },
    { .name = NULL },
};

static const struct output_object product_total = {
    .name = "product-total",
    .meaning = "Sums of --csv; the last object",
    .fields = product_total_fields,
};

const struct output_object *const output_make[] = {
    &record, &output_plan_row, &price_row, &price_total, &list_fault, &product, &product_total, NULL
};

const struct output_object *const output_demo[] = { &record, &output_plan_row, &price_row,
                                                    &price_total, NULL };
