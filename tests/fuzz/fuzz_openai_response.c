/* fuzz_openai_response.c - arbitrary bytes with any status as the response to each kind of request,
 * in one piece or as a stream of events. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "providers/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct asked {
    enum task task;
    const char *model;
};

static const struct asked kinds[] = {
    { TASK_IMAGE, "gpt-image-2.5-flare" },
    { TASK_EDIT, "gpt-image-2.5-flare" },
    { TASK_IMAGE, "dall-e-3" },
    { TASK_TEXT, NULL }, /* the text model of the defaults: /v1/responses */
};
static const int statuses[] = { 200, 200, 200, 400, 401, 403, 404, 408, 429, 500, 502, 503 };

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

static void check_done(const struct model_result *result)
{
    if (result->content.size == 0 || !result->content.data ||
        utf8_length(result->request_id) == SIZE_MAX) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct endpoint at = { .provider = provider_find("openai") };
    struct model_request order = { .prompt = "A cup", .at = &at };
    struct op op = { .kind = OP_HTTP };
    struct model_result result = { .usage = { -1, -1, -1, -1, -1, -1 } };
    struct error err = { 0 };
    const struct asked *kind;
    enum read_result reading;

    if (size < 2) {
        return 0;
    }
    kind = &kinds[data[0] % (sizeof kinds / sizeof *kinds)];
    order.task = kind->task;
    order.model = kind->model ? catalog_find(catalog_once(), kind->model)
                              : catalog_default(catalog_once(), "openai", "features");
    if (!order.model || !blob_new(&op.http_response.body, size - 2, &err)) {
        abort();
    }
    order.arena = arena_new();
    memcpy(op.http_response.body.data, data + 2, size - 2);
    strcpy(op.http_response.content_type,
           data[0] & 0x80 ? "text/event-stream" : "application/json");
    op.http_response.status = statuses[data[1] % (sizeof statuses / sizeof *statuses)];
    reading = provider_find("openai")->read_response(&order, &op, &result, &err);
    if (reading == READ_DONE && op.http_response.status == 200) {
        check_done(&result);
    } else if (reading != READ_FAILED || err.kind == ERROR_NONE || !err.text[0] ||
               utf8_length(err.text) == SIZE_MAX || result.content.data) {
        abort();
    }
    blob_free(&result.content);
    op_clear(&op);
    arena_free(order.arena);
    return 0;
}
