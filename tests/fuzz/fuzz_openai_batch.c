/* fuzz_openai_batch.c - arbitrary bytes as responses of the Batch API: a status, a list, a result
 * line. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "providers/provider_batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct model *model_once(void)
{
    static struct catalog *catalog;
    struct error err;

    if (!catalog &&
        !catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        abort();
    }
    return catalog_find(catalog, "gpt-image-2.5-flare");
}

/* Text that becomes part of a URL. */
static void check_id(const char *id)
{
    if (strlen(id) >= REMOTE_ID || strpbrk(id, "/?#%& \r\n")) {
        abort();
    }
}

static void check_failed(const struct error *err)
{
    if (err->kind == ERROR_NONE || !err->text[0] || utf8_length(err->text) == SIZE_MAX) {
        abort();
    }
}

static void fuzz_line(const struct provider_batch *batch, const struct model_request *order,
                      const struct blob *line)
{
    struct model_result result = { .usage = USAGE_UNKNOWN };
    struct error err = { 0 };
    char id[40];
    int status;
    enum read_result reading = batch->read_record(order, line, id, &status, &result, &err);

    if (strlen(id) >= sizeof id || status < 0 || status > 599) {
        abort();
    }
    if (reading == READ_DONE) {
        if (result.content.size == 0 || (status != 200 && status != 201)) {
            abort();
        }
    } else {
        check_failed(&err);
        if (result.content.data) {
            abort();
        }
    }
    blob_free(&result.content);
}

static void fuzz_answer(const struct provider_batch *batch, const struct batch_call *call,
                        struct op *op, bool list)
{
    struct remote_batch remote = { .id = "" };
    struct error err = { 0 };
    enum read_result reading;

    if (list) {
        reading = batch->read_find(call, 1790000000000, op, &remote, &err);
    } else {
        reading = batch->read_batch(call, op, &remote, &err) ? READ_DONE : READ_FAILED;
    }
    if (reading == READ_FAILED || remote.rejected) {
        check_failed(&err);
    }
    check_id(remote.id);
    check_id(remote.input);
    check_id(remote.output);
    check_id(remote.errors);
    if (strlen(op->http.url) > 300 || strpbrk(op->http.url, "\r\n ")) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct provider_batch *batch = provider_find("openai")->batch;
    struct endpoint at = { .provider = provider_find("openai"), .base_url = "http://x/v1" };
    struct batch_call call = { .at = &at, .model = model_once(), .name = "c" };
    struct model_request order = { .task = TASK_EDIT, .model = call.model, .at = &at };
    struct op op = { .kind = OP_HTTP };
    struct error err;
    struct blob line;

    if (size < 1) {
        return 0;
    }
    call.arena = order.arena = arena_new();
    line = blob_view(data + 1, size - 1);
    if (data[0] % 3 == 0) {
        fuzz_line(batch, &order, &line);
    } else {
        batch->find(&call, &op);
        if (!blob_copy(&op.http_response.body, line.data, line.size, &err)) {
            abort();
        }
        op.http_response.status = data[0] & 0x80 ? 429 : 200;
        fuzz_answer(batch, &call, &op, data[0] % 3 == 1);
    }
    op_clear(&op);
    arena_free(call.arena);
    return 0;
}
