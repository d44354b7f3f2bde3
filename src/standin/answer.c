/* answer.c - builds HTTP responses. */
#include "standin/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "standin/openai/product_image.h"

static void clear_body(struct answer *answer)
{
    for (int i = 0; i < answer->count; i++) {
        free(answer->pieces[i].owned);
        product_image_release(answer->pieces[i].shared);
        if (answer->pieces[i].file) {
            fclose(answer->pieces[i].file);
        }
    }
    answer->count = 0;
}

void answer_free(struct answer *answer)
{
    clear_body(answer);
    answer->header_count = 0;
    answer->status = 0;
}

void answer_header(struct answer *answer, const char *name, const char *value)
{
    struct answer_header *header;

    for (int i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0) {
            snprintf(answer->headers[i].value, sizeof answer->headers[i].value, "%s", value);
            return;
        }
    }
    if (answer->header_count == ANSWER_HEADERS) {
        return;
    }
    header = &answer->headers[answer->header_count++];
    snprintf(header->name, sizeof header->name, "%s", name);
    snprintf(header->value, sizeof header->value, "%s", value);
}

void answer_add(struct answer *answer, char *owned, size_t size)
{
    if (!owned || answer->count == ANSWER_PIECES) {
        free(owned);
        return;
    }
    answer->pieces[answer->count++] = (struct piece){ .owned = owned, .size = size };
}

void answer_share(struct answer *answer, struct product_image *picture)
{
    if (answer->count == ANSWER_PIECES) {
        return;
    }
    product_image_retain(picture);
    answer->pieces[answer->count++] =
        (struct piece){ .shared = picture, .size = picture->tail_size };
}

void answer_file(struct answer *answer, FILE *file, size_t size)
{
    if (answer->count == ANSWER_PIECES) {
        fclose(file);
        return;
    }
    answer->pieces[answer->count++] = (struct piece){ .file = file, .size = size };
}

bool answer_is_file(const struct answer *answer)
{
    return answer->count > 0 && answer->pieces[answer->count - 1].file;
}

bool piece_read(const struct piece *piece, size_t at, char *out, size_t size)
{
    if (piece->file) {
        return pread(fileno(piece->file), out, size, (off_t)at) == (ssize_t)size;
    }
    memcpy(out, (piece->shared ? piece->shared->tail : piece->owned) + at, size);
    return true;
}

void answer_text(struct answer *answer, const char *text)
{
    answer_add(answer, xstrdup(text), strlen(text));
}

void answer_bytes(struct answer *answer, int status, const char *content_type, const void *data,
                  size_t size)
{
    char *copy = malloc(size ? size : 1);

    clear_body(answer);
    answer->status = status;
    snprintf(answer->content_type, sizeof answer->content_type, "%s", content_type);
    if (copy && size) {
        memcpy(copy, data, size);
    }
    answer_add(answer, copy, size);
}

void answer_json(struct answer *answer, int status, cJSON *tree)
{
    char *printed = cJSON_PrintUnformatted(tree);

    clear_body(answer);
    cJSON_Delete(tree);
    answer->status = status;
    snprintf(answer->content_type, sizeof answer->content_type, "application/json");
    answer_add(answer, printed, printed ? strlen(printed) : 0);
}

size_t answer_size(const struct answer *answer)
{
    size_t size = 0;

    for (int i = 0; i < answer->count; i++) {
        size += answer->pieces[i].size;
    }
    return size;
}

cJSON *answer_error(const struct refusal *refusal, const char *message)
{
    cJSON *error = cJSON_CreateObject();

    json_add_text(error, "message", message);
    json_add_text(error, "type", refusal->type ? refusal->type : "invalid_request_error");
    json_add_text(error, "param", refusal->param);
    json_add_text(error, "code", refusal->code);
    return error;
}

bool answer_refuse(struct answer *answer, const struct refusal *refusal, const char *fmt, ...)
{
    char message[600];
    cJSON *body = cJSON_CreateObject();
    va_list arguments;

    va_start(arguments, fmt);
    vsnprintf(message, sizeof message, fmt, arguments);
    va_end(arguments);
    cJSON_AddItemToObject(body, "error", answer_error(refusal, message));
    answer_json(answer, refusal->status, body);
    return false;
}

void answer_storage_error(struct answer *answer, int http, const char *status_code,
                          const char *error, const char *code, const char *message)
{
    cJSON *body = cJSON_CreateObject();

    json_add_text(body, "statusCode", status_code);
    json_add_text(body, "error", error);
    json_add_text(body, "message", message);
    json_add_text(body, "code", code);
    answer_json(answer, http, body);
}
