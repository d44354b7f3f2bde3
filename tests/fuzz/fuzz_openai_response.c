/* fuzz_openai_response.c - a file of tests/responses with arbitrary changes: each response is read
 * or fails with an error of a kind, and never gives both a result and an error. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "lib/response_case.h"
#include "providers/provider_batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalog *catalog_once(void)
{
    static struct catalog *catalog;
    struct error err;

    if (!catalog &&
        !catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        abort();
    }
    return catalog;
}

static void check_usage(const struct usage *usage)
{
    const int64_t counts[] = { usage->text_in,      usage->text_cached, usage->image_in,
                               usage->image_cached, usage->text_out,    usage->image_out };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i] < -1 || counts[i] > 20 * 1000 * 1000 || (counts[i] < 0) != (counts[0] < 0)) {
            abort();
        }
    }
    if (usage->cost_microusd < 0 || usage->cost_microusd > 1000 * 1000 * 1000) {
        abort();
    }
}

static void check(enum read_result reading, const struct op *op, const struct model_result *result,
                  const struct error *err)
{
    check_usage(&result->usage);
    if (reading == READ_DONE) {
        if (result->content.size == 0 || !result->content.data ||
            utf8_length(result->request_id) == SIZE_MAX) {
            abort();
        }
    } else if (result->content.data) {
        abort();
    }
    if (reading == READ_POLL_AGAIN && (!op->http.untrusted_url || op->http.header_count)) {
        abort();
    }
    if (reading == READ_FAILED &&
        (err->kind == ERROR_NONE || !err->text[0] || utf8_length(err->text) == SIZE_MAX)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct provider *provider = provider_find("openai");
    struct endpoint at = { .provider = provider };
    struct model_request request = { .prompt = "A cup", .at = &at };
    struct model_result result = { .usage = USAGE_UNKNOWN };
    struct op op = { .kind = OP_HTTP };
    struct error err = { 0 };
    struct response_case given;
    enum read_result reading;
    struct blob record;
    char id[40];
    int status;

    if (!response_case_read((const char *)data, size, &given)) {
        return 0;
    }
    request.task = given.task;
    request.model =
        catalog_default(catalog_once(), "openai", given.task == TASK_TEXT ? "features" : "edit");
    request.arena = arena_new();
    record = blob_view(given.body, given.body_size);
    if (given.record) {
        reading = provider->batch->read_record(&request, &record, id, &status, &result, &err);
    } else {
        if (!blob_copy(&op.http_response.body, record.data, record.size, &err)) {
            abort();
        }
        op.http_response.status = given.status;
        snprintf(op.http_response.content_type, sizeof op.http_response.content_type, "%s",
                 given.type);
        reading = provider->read_response(&request, &op, &result, &err);
    }
    check(reading, &op, &result, &err);
    blob_free(&result.content);
    op_clear(&op);
    arena_free(request.arena);
    return 0;
}
