/* files.c - /v1/files: input and result files of batches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin/openai/multipart.h"
#include "standin/openai/uploads.h"
#include "standin/standin_internal.h"

enum { INPUT_MAX = 200 << 20, FILE_DAYS = 30 };

static cJSON *upload_json(const struct upload *upload)
{
    cJSON *object = cJSON_CreateObject();
    double created = (double)(upload->created_ms / 1000);

    cJSON_AddStringToObject(object, "id", upload->id);
    cJSON_AddStringToObject(object, "object", "file");
    cJSON_AddNumberToObject(object, "bytes", (double)upload->bytes);
    cJSON_AddNumberToObject(object, "created_at", created);
    cJSON_AddNumberToObject(object, "expires_at", created + FILE_DAYS * 86400.0);
    cJSON_AddStringToObject(object, "filename", upload->filename);
    cJSON_AddStringToObject(object, "purpose", upload->purpose);
    cJSON_AddStringToObject(object, "status", "processed");
    cJSON_AddNullToObject(object, "status_details");
    return object;
}

static const struct multipart_part *part_named(const struct multipart *form, const char *name)
{
    for (int i = 0; i < form->count; i++) {
        if (strcmp(form->parts[i].name, name) == 0) {
            return &form->parts[i];
        }
    }
    return NULL;
}

static bool refuse_upload(struct standin_request *request, const char *param, const char *why)
{
    return answer_refuse(&request->answer, &(struct refusal){ .status = 400, .param = param }, "%s",
                         why);
}

static bool check_upload(struct standin_request *request, const struct multipart *form,
                         char *purpose, size_t purpose_size)
{
    static const char *const purposes[] = { "assistants", "batch", "fine-tune", "vision",
                                            "user_data",  "evals", NULL };
    const struct multipart_part *purpose_part = part_named(form, "purpose"),
                                *file = part_named(form, "file");
    char why[200];
    size_t end;

    if (!purpose_part || purpose_part->file) {
        return refuse_upload(request, "purpose", "Missing required parameter: 'purpose'.");
    }
    snprintf(purpose, purpose_size, "%.*s",
             (int)(purpose_part->size < purpose_size ? purpose_part->size : purpose_size - 1),
             (const char *)purpose_part->data);
    if (word_index(purposes, purpose) < 0) {
        snprintf(why, sizeof why,
                 "'%.40s' is not one of ['assistants', 'batch', 'fine-tune', 'vision', "
                 "'user_data', 'evals'] - 'purpose'",
                 purpose);
        return refuse_upload(request, "purpose", why);
    }
    if (!file || !file->file) {
        return refuse_upload(request, "file", "Missing required parameter: 'file'.");
    }
    end = strlen(file->filename);
    if (strcmp(purpose, "batch") == 0 &&
        (end < 6 || strcmp(file->filename + end - 6, ".jsonl") != 0)) {
        return refuse_upload(request, NULL, "Invalid file format for Batch API. Must be .jsonl");
    }
    if (file->size == 0) {
        return refuse_upload(request, "file", "File is empty.");
    }
    return file->size <= INPUT_MAX || strcmp(purpose, "batch") != 0 ||
           refuse_upload(request, "file", "File is too large: at most 200 MB for batches.");
}

static bool write_upload(const struct multipart_part *file, struct upload *upload)
{
    FILE *to = fopen(upload->path, "we");
    bool good = to && fwrite(file->data, 1, file->size, to) == file->size;

    upload->bytes = (int64_t)file->size;
    return to && fclose(to) == 0 && good;
}

static void add(struct standin_request *request)
{
    const char *type = request_header(request, "Content-Type");
    struct uploads *uploads = request->standin->uploads;
    struct upload *upload;
    struct multipart *form;
    char purpose[24];
    struct error err;

    if (!type || strncasecmp(type, "multipart/form-data", 19) != 0) {
        refuse_upload(request, NULL,
                      "Invalid content type: this endpoint takes "
                      "multipart/form-data.");
        return;
    }
    if (!multipart_split(type, &request->body, &form, &request->answer)) {
        return;
    }
    if (check_upload(request, form, purpose, sizeof purpose)) {
        const struct multipart_part *file = part_named(form, "file");

        if (!uploads_new(uploads, file->filename, purpose, &upload, &err) ||
            !write_upload(file, upload)) {
            answer_refuse(&request->answer,
                          &(struct refusal){ .status = 500, .type = "server_error" },
                          "The server could not keep the file.");
        } else {
            answer_json(&request->answer, 200, upload_json(upload));
        }
    }
    free(form);
    blob_free(&request->body);
}

/* Returns the fault that strikes the download of a result file. */
static enum fault_kind result_fault(struct standin_request *request, const struct upload *upload)
{
    struct standin *standin = request->standin;
    struct fault fault = { 0 };

    if (strcmp(upload->purpose, "batch_output") == 0) {
        fault = faults_strike(&standin->faults, SCOPE_RESULT_FILE, request->path, NULL, 0,
                              &standin->random);
    }
    if (fault.kind != FAULT_NONE) {
        snprintf(request->record.fault, sizeof request->record.fault, "%s", fault_name(fault.kind));
    }
    return fault.kind;
}

static void content(struct standin_request *request, const struct upload *upload)
{
    enum fault_kind fault = result_fault(request, upload);
    size_t size = fault == FAULT_EMPTY_OUTPUT   ? 0
                  : fault == FAULT_SHORT_OUTPUT ? (size_t)upload->bytes / 2
                                                : (size_t)upload->bytes;
    FILE *file;

    if (fault == FAULT_MISSING_OUTPUT) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404, .param = "id" },
                      "No such File object: %.60s", upload->id);
        return;
    }
    file = fopen(upload->path, "re");

    if (!file) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 500, .type = "server_error" },
                      "The server could not read the file.");
        return;
    }
    answer_bytes(&request->answer, 200, "application/octet-stream", "", 0);
    answer_file(&request->answer, file, size);
}

static void list(struct standin_request *request)
{
    cJSON *body = cJSON_CreateObject(), *data;
    const char *purpose = request_query(request, "purpose");

    cJSON_AddStringToObject(body, "object", "list");
    data = cJSON_AddArrayToObject(body, "data");
    for (struct upload *at = uploads_first(request->standin->uploads); at; at = at->next) {
        if (!purpose || strcmp(purpose, at->purpose) == 0) {
            cJSON_AddItemToArray(data, upload_json(at));
        }
    }
    cJSON_AddBoolToObject(body, "has_more", false);
    answer_json(&request->answer, 200, body);
}

static void delete_file(struct standin_request *request, struct upload *upload)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "id", upload->id);
    cJSON_AddStringToObject(body, "object", "file");
    cJSON_AddBoolToObject(body, "deleted", true);
    uploads_remove(request->standin->uploads, upload);
    answer_json(&request->answer, 200, body);
}

static void handle_file(struct standin_request *request, const char *rest)
{
    const char *method = request->record.method;
    size_t size = strcspn(rest, "/");
    struct upload *upload;
    char id[UPLOAD_ID];

    snprintf(id, sizeof id, "%.*s", (int)(size < sizeof id ? size : 0), rest);
    upload = uploads_find(request->standin->uploads, id);
    if (!upload) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404, .param = "id" },
                      "No such File object: %.60s", id);
    } else if (strcmp(rest + size, "/content") == 0 && strcmp(method, "GET") == 0) {
        content(request, upload);
    } else if (rest[size] == '\0' && strcmp(method, "GET") == 0) {
        answer_json(&request->answer, 200, upload_json(upload));
    } else if (rest[size] == '\0' && strcmp(method, "DELETE") == 0) {
        delete_file(request, upload);
    }
}

void files_handle(struct standin_request *request)
{
    const char *rest = request->path + strlen("/v1/files");

    pthread_mutex_lock(&request->standin->lock);
    if (*rest == '/') {
        handle_file(request, rest + 1);
    } else if (strcmp(request->record.method, "POST") == 0) {
        add(request);
    } else if (strcmp(request->record.method, "GET") == 0) {
        list(request);
    }
    pthread_mutex_unlock(&request->standin->lock);
    if (!request->answer.status) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "Invalid URL (%s %.200s)", request->record.method, request->path);
    }
}
