/* supabase_error.c - classifies errors by `code`, then by `statusCode`, then by the HTTP status:
 * the storage answers most errors with HTTP 400 and states the cause in the body. */
#include "store/supabase_error.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum cause {
    OTHER,
    NO_BUCKET,
    NO_FILE,
    NO_STORAGE, /* a server that is not the storage */
    TOO_LARGE
};

static const struct storage_error {
    const char *code, *text;
    enum error_kind kind;
    enum cause cause;
} storage_errors[] = {
    { "NoSuchBucket", "the storage bucket does not exist", ERROR_CONFIG, NO_BUCKET },
    { "NoSuchKey", "the file is not in the storage", ERROR_INPUT, NO_FILE },
    { "InvalidMimeType", "the storage bucket does not allow this type of file", ERROR_CONFIG,
      OTHER },
    { "EntityTooLarge", "the file is too large for the storage", ERROR_CONFIG, TOO_LARGE },
    { "AccessDenied", "Supabase refused the service key", ERROR_KEY, OTHER },
    { "InvalidJWT", "Supabase refused the service key", ERROR_KEY, OTHER },
    /* the paths of results have no character that is not allowed: it is not the fault of the job */
    { "InvalidKey", "the storage does not allow this file name", ERROR_REMOTE, OTHER },
    { "SlowDown", "the storage limits the request rate", ERROR_BUSY, OTHER },
    { "DatabaseReadOnly", "the storage is read-only for now", ERROR_BUSY, OTHER },
    { "LockTimeout", "the storage is busy", ERROR_BUSY, OTHER },
    { "ResourceLocked", "the storage is busy", ERROR_BUSY, OTHER },
    { "DatabaseTimeout", "the storage's database timed out", ERROR_BUSY, OTHER },
};

/* HTTP statuses, which the body may repeat as `statusCode`. 402 and 540 are those of a project that
 * is restricted or paused. */
static const struct status_error {
    int status;
    enum error_kind kind;
    const char *text;
    enum cause cause;
} status_errors[] = {
    { 401, ERROR_KEY, "Supabase refused the service key", OTHER },
    { 402, ERROR_QUOTA, "Supabase has restricted the project", OTHER },
    { 403, ERROR_KEY, "Supabase refused the service key", OTHER },
    { 404, ERROR_INPUT, "the file is not in the storage", NO_FILE },
    { 405, ERROR_CONFIG, "no storage at this address", NO_STORAGE },
    { 413, ERROR_CONFIG, "the file is too large for the storage", TOO_LARGE },
    { 423, ERROR_BUSY, "the storage is busy", OTHER },
    { 429, ERROR_BUSY, "the storage limits the request rate", OTHER },
    { 503, ERROR_BUSY, "the storage is busy", OTHER },
    { 540, ERROR_CONFIG, "the Supabase project is paused", OTHER },
    { 544, ERROR_BUSY, "the storage's database timed out", OTHER },
};

struct storage_answer { /* what the body says; texts are NULL if it does not */
    const char *code, *message, *error;
    int status; /* statusCode, else the HTTP status */
    bool has_status;
};

static struct storage_answer read_answer(const cJSON *body, int http_status)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(body, "statusCode");
    struct storage_answer answer = { .code = json_peek_text(body, "code"),
                                     .message = json_peek_text(body, "message"),
                                     .error = json_peek_text(body, "error"),
                                     .status = http_status };
    /* a string, and in some releases a number */
    long number = cJSON_IsString(status)   ? strtol(status->valuestring, NULL, 10)
                  : cJSON_IsNumber(status) ? (long)status->valuedouble
                                           : 0;

    if (number >= 100 && number < 600) {
        answer.status = (int)number;
        answer.has_status = true;
    }
    return answer;
}

static bool names_bucket(const struct storage_answer *answer)
{
    return (answer->error && strcasestr(answer->error, "bucket not found")) ||
           (answer->message && strcasestr(answer->message, "bucket not found"));
}

static const struct storage_error *code_find(const struct storage_answer *answer)
{
    for (size_t i = 0; answer->code && i < sizeof storage_errors / sizeof *storage_errors; i++) {
        if (strcmp(answer->code, storage_errors[i].code) == 0) {
            return &storage_errors[i];
        }
    }
    /* releases without `code` */
    return answer->status == 404 && names_bucket(answer) ? &storage_errors[0] : NULL;
}

static enum cause from_status(const struct storage_answer *answer, struct error *err)
{
    const char *message = answer->message ? answer->message : "no reason given";

    for (size_t i = 0; i < sizeof status_errors / sizeof *status_errors; i++) {
        const struct status_error *row = &status_errors[i];

        if (row->status == answer->status) {
            error_set(err, row->kind, "%s (HTTP %d): %.160s", row->text, row->status, message);
            return row->cause;
        }
    }
    error_set(err, answer->status < 400 ? ERROR_CONFIG : ERROR_REMOTE,
              "the storage answered HTTP %d: %.160s", answer->status, message);
    if (answer->status < 400) {
        error_hint(err, "Check SUPABASE_URL.");
    }
    return OTHER;
}

/* The storage names a code or status in each of its errors. A gateway that has no route to the
 * storage, or a web server at a wrong address, does not: it knows nothing about the file. */
static bool is_of_storage(const struct storage_answer *answer)
{
    return answer->code || answer->has_status;
}

static enum cause classify(const struct storage_answer *from, int http_status, struct error *err)
{
    struct storage_answer answer = *from;
    const struct storage_error *known = code_find(&answer);

    if (!known && http_status == 404 && !is_of_storage(&answer)) {
        error_set(err, ERROR_CONFIG,
                  "HTTP 404 without an error code of the storage: no storage at this address");
        return NO_STORAGE;
    }
    if (!known) {
        return from_status(&answer, err);
    }
    error_set(err, known->kind, "%s: %.160s", known->text,
              answer.message ? answer.message : known->code);
    return known->cause;
}

/* The file is at fault only if it is larger than what the bucket accepts. Else a server in front of
 * the storage, or a limit of the project, rejects files that the bucket accepts. */
static void too_large(const struct object *o, struct error *err)
{
    struct error why = *err;
    bool over_limit = o->file_limit > 0 && (int64_t)o->content.size > o->file_limit;

    if (over_limit) {
        error_set(err, ERROR_OUTPUT, "the file has %zu bytes, the storage bucket accepts %lld",
                  o->content.size, (long long)o->file_limit);
        error_hint(err, "Raise the file size limit of the bucket, then retry the job.");
        return;
    }
    error_set(err, ERROR_CONFIG, "%.160s (the file has %zu bytes, which the bucket accepts)",
              why.text, o->content.size);
    error_hint(err, "Raise the limit of the server in front of the storage (nginx: "
                    "client_max_body_size), or the project's upload limit.");
}

/* The answer to a request without the key. The storage refuses files that are not public: that is
 * the fault of the address, as a missing file or bucket is. A client error of another server says
 * nothing about the file. */
static void set_public(const struct storage_answer *answer, int http_status, enum cause cause,
                       struct error *err)
{
    if (err->kind == ERROR_BUSY || err->kind == ERROR_QUOTA) {
        return;
    }
    if (!is_of_storage(answer) && http_status < 500) {
        error_set(err, ERROR_REMOTE, "a server in front of the storage answered HTTP %d",
                  http_status);
    } else if (err->kind == ERROR_KEY || cause == NO_BUCKET || cause == NO_FILE ||
               answer->status == 400 || answer->status == 410 || answer->status == 422) {
        err->kind = ERROR_INPUT; /* also an address that the storage cannot read */
    }
}

bool supabase_error(const struct http_response *got, enum supabase_request request,
                    const struct object *o, struct error *err)
{
    struct error ignored;
    struct storage_answer answer;
    enum cause cause;
    cJSON *body = NULL;

    if (!json_parse(got->body.data, got->body.size, "the response of the storage", &body,
                    &ignored)) {
        body = NULL;
    }
    answer = read_answer(body, got->status);
    cause = classify(&answer, got->status, err);
    if (request == SUPABASE_GET_PUBLIC) {
        set_public(&answer, got->status, cause, err);
    } else if (cause == NO_BUCKET && request == SUPABASE_GET) {
        err->kind = ERROR_REMOTE; /* others may use other buckets: this job may be at fault alone */
    } else if (cause == NO_FILE && request != SUPABASE_GET) {
        err->kind = ERROR_CONFIG; /* a request that needs no file: the bucket or address is wrong */
    } else if (cause == TOO_LARGE && o) {
        too_large(o, err);
    }
    if (err->kind == ERROR_BUSY) {
        err->retry_ms = got->retry_after_ms;
    }
    cJSON_Delete(body); /* the answer points into it */
    return false;
}
