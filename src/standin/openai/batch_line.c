/* batch_line.c - answers one request of a batch with the code that answers direct requests. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/openai/batches.h"
#include "standin/standin_internal.h"

/* Returns the request's body, or NULL if the input file can no longer be read. */
static cJSON *read_body(const struct batch *batch, const struct batch_line *line, char **text)
{
    struct error ignored;
    cJSON *tree = NULL, *body = NULL;

    *text = malloc(line->size + 1);
    if (*text && pread(fileno(batch->input), *text, line->size, line->at) == (ssize_t)line->size &&
        json_parse(*text, line->size, "line", &tree, &ignored)) {
        body = cJSON_DetachItemFromObjectCaseSensitive(tree, "body");
    }
    cJSON_Delete(tree);
    return body;
}

/* Does what routes.c does for a direct request: request id, fault, journal fields. */
static void prepare_request(struct standin_request *request, const struct batch_line *line,
                            const char *text)
{
    struct standin *standin = request->standin;
    struct journal_record *record = &request->record;

    pthread_mutex_lock(&standin->lock);
    record->seq = ++standin->seq;
    snprintf(record->request_id, sizeof record->request_id, "req_%012llx",
             (unsigned long long)(standin->seq + (standin->config.seed << 32)) & 0xffffffffffff);
    request->fault = faults_strike(&standin->faults, SCOPE_CALL, request->path, text, line->size,
                                   &standin->random);
    pthread_mutex_unlock(&standin->lock);
    record->arrived_ms = clock_wall_ms();
    record->bytes_in = line->size;
    snprintf(record->method, sizeof record->method, "POST");
    snprintf(record->path, sizeof record->path, "%s", request->path);
    snprintf(record->route, sizeof record->route, "batch");
    if (request->fault.kind != FAULT_NONE) {
        snprintf(record->fault, sizeof record->fault, "%s", fault_name(request->fault.kind));
        fault_answer(request);
    }
}

static void answer_request(struct standin_request *request, cJSON *body)
{
    double share = 0;

    if (!request->answer.status && cJSON_IsTrue(cJSON_GetObjectItem(body, "stream"))) {
        answer_refuse(&request->answer,
                      &(struct refusal){
                          .status = 400, .code = "unsupported_value", .param = "stream" },
                      "Streaming is not supported by the Batch API.");
    }
    if (request->answer.status) {
        cJSON_Delete(body);
    } else {
        images_handle_fields(request, body);
    }
    if (request->handler) {
        share = request->image_request.offer->batch_share;
        request->handler(request);
        request->record.usd *= share;
    } else {
        apply_fault(request);
    }
}

static int64_t write_pieces(FILE *to, const struct answer *answer)
{
    int64_t size = 0;

    for (int i = 0; i < answer->count; i++) {
        const struct piece *piece = &answer->pieces[i];

        if (piece->size > 0) {
            const char *data = piece->shared ? piece->shared->tail : piece->owned;

            size += (int64_t)fwrite(data, 1, piece->size, to);
        }
    }
    return size;
}

/* Writes the body. One that is not JSON (a gateway's error page) becomes a JSON string. */
static int64_t write_body(FILE *to, const struct answer *answer)
{
    char *page, *printed;
    cJSON *text;
    int64_t size;

    if (strcmp(answer->content_type, "application/json") == 0) {
        return write_pieces(to, answer);
    }
    page = xstrndup(answer->count ? answer->pieces[0].owned : "",
                    answer->count ? answer->pieces[0].size : 0);
    text = cJSON_CreateString(page);
    printed = cJSON_PrintUnformatted(text);
    size = fprintf(to, "%s", printed ? printed : "null");
    cJSON_Delete(text);
    cJSON_free(printed);
    free(page);
    return size;
}

static int64_t write_head(FILE *to, const struct batch *batch, int line)
{
    cJSON *custom = cJSON_CreateString(batch->lines[line].custom_id);
    char *printed = cJSON_PrintUnformatted(custom);
    int64_t size = fprintf(to, "{\"id\":\"batch_req_%s%05d\",\"custom_id\":%s,", batch->id + 6,
                           line, printed ? printed : "null");

    cJSON_free(printed);
    cJSON_Delete(custom);
    return size;
}

static void write_line(struct batch *batch, const struct standin_request *request)
{
    bool failed = request->answer.status != 200;
    FILE *to = batch->results[failed];
    int64_t before = ftello(to), size;

    size = write_head(to, batch, batch->done);
    size += fprintf(to, "\"response\":{\"status_code\":%d,\"request_id\":\"%s\",\"body\":",
                    request->answer.status, request->record.request_id);
    size += write_body(to, &request->answer);
    size += fprintf(to, "},\"error\":null}");
    if (request->fault.kind == FAULT_TRUNCATE) {
        size /= 2;
        fflush(to);
        if (ftruncate(fileno(to), before + size) != 0 || fseeko(to, 0, SEEK_END) != 0) {
            return;
        }
    }
    fputc('\n', to);
    batch->result_bytes[failed] += size + 1;
}

void batch_answer_line(struct standin *standin, struct batch *batch)
{
    const struct batch_line *line = &batch->lines[batch->done];
    struct standin_request request = { .standin = standin, .path = batch->endpoint };
    int64_t began_us = clock_mono_us();
    char *text;
    cJSON *body = read_body(batch, line, &text);

    request.route = strstr(batch->endpoint, "edits") ? "edits" : "images";
    prepare_request(&request, line, text ? text : "");
    answer_request(&request, body);
    request.record.took_us = clock_mono_us() - began_us;
    request.record.status = request.drop ? 0 : request.answer.status;
    request.record.bytes_out = request.drop ? 0 : answer_size(&request.answer);
    if (!request.drop) { /* a dropped request is billed, but is in neither file */
        write_line(batch, &request);
    }
    pthread_mutex_lock(&standin->lock);
    journal_add(standin->journal, &request.record);
    batch->done++;
    batch->completed += request.record.status == 200;
    batch->failed += request.record.status != 200 && !request.drop;
    pthread_mutex_unlock(&standin->lock);
    answer_free(&request.answer);
    image_request_free(&request.image_request);
    free(text);
}

void batch_expire_line(struct batch *batch, int line)
{
    FILE *to = batch->results[1];
    int64_t size = write_head(to, batch, line);

    size += fprintf(to, "\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":"
                        "\"This request could not be executed before the completion window "
                        "expired.\"}}\n");
    batch->result_bytes[1] += size;
    batch->failed++;
}
