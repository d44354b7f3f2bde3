/* response_text.c - finds the text in a response: /v1/responses, or /v1/chat/completions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "providers/response/response.h"

enum { TEXT_MAX = 4 << 20 };

static bool is(const char *text, const char *value)
{
    return text && strcmp(text, value) == 0;
}

static bool set_refused(const char *reason, struct error *err)
{
    return error_set(err, ERROR_REFUSED, "the text model declined this: %.240s", reason);
}

/* -- content: a string, a part, or a list of parts ------------------------------------------------
 */

/* Returns the text of a part: "text", {"text": "..."} or {"text": {"value": "..."}}. NULL if it has
 * none, or if it is a part of the model's reasoning. */
static const char *part_text(const cJSON *part)
{
    const char *type = json_peek_text(part, "type");
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(part, "text");

    if (cJSON_IsString(part)) {
        return part->valuestring;
    }
    if (type &&
        (strstr(type, "reasoning") || strstr(type, "thinking") || strstr(type, "summary"))) {
        return NULL;
    }
    return cJSON_IsString(text) ? text->valuestring : json_peek_text(text, "value");
}

/* Appends all texts of the content. Sets *refusal if a part is a refusal. */
static void add_content(const cJSON *content, struct text *out, const char **refusal)
{
    const cJSON *part;
    const char *text;

    if (!cJSON_IsArray(content)) {
        text = part_text(content);
        text_add(out, text ? text : "");
        return;
    }
    cJSON_ArrayForEach(part, content)
    {
        const char *refused = json_peek_text(part, "refusal");

        text = part_text(part);
        *refusal = refused ? refused : *refusal;
        text_add(out, text ? text : "");
    }
}

/* -- /v1/responses
 * --------------------------------------------------------------------------------- */

/* Returns the content of a message that belongs to the answer, else NULL: reasoning items, calls of
 * tools and messages of phase "commentary" are not part of it. */
static const cJSON *answer_content(const cJSON *item)
{
    const char *type = json_peek_text(item, "type"), *phase = json_peek_text(item, "phase");

    if ((type && strcmp(type, "message") != 0) || (phase && strcmp(phase, "final_answer") != 0)) {
        return NULL;
    }
    return cJSON_GetObjectItemCaseSensitive(item, "content");
}

/* Reads the last message of the answer: earlier ones report progress. One of phase "final_answer"
 * is preferred to one without a phase. */
static bool read_output(const cJSON *output, struct text *out, struct error *err)
{
    const char *refusal = NULL;
    const cJSON *item;
    bool final = false;

    cJSON_ArrayForEach(item, output)
    {
        const cJSON *content = answer_content(item);
        bool is_final = json_peek_text(item, "phase") != NULL;
        struct text text;

        if (!content || (final && !is_final)) {
            continue;
        }
        text_begin(&text, TEXT_MAX);
        add_content(content, &text, &refusal);
        if (text.size > 0) {
            text_clear(out);
            text_add_bytes(out, text.data, text.size);
            final = is_final;
        }
        text_end(&text);
    }
    return !refusal || out->size > 0 || set_refused(refusal, err);
}

static bool check_status(const cJSON *top, struct error *err)
{
    const char *status = json_peek_text(top, "status");
    const cJSON *incomplete = cJSON_GetObjectItemCaseSensitive(top, "incomplete_details");
    const char *reason = json_peek_text(incomplete, "reason");

    if (is(status, "incomplete")) {
        if (is(reason, "content_filter")) {
            return set_refused("its content filter stopped the answer", err);
        }
        return error_set(err, ERROR_OUTPUT, "the text model did not finish (%.60s)",
                         reason ? reason : "no reason given");
    }
    return !status || is(status, "completed") ||
           error_set(err, ERROR_REMOTE, "the response has status '%.40s', not completed", status);
}

/* -- /v1/chat/completions
 * -------------------------------------------------------------------------- */

static bool read_choice(const struct model_request *request, const cJSON *choice, struct text *out,
                        struct error *err)
{
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(choice, "message");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(choice, "error");
    const char *refusal = json_peek_text(message, "refusal");
    const char *reason = json_peek_text(choice, "finish_reason");

    if (cJSON_IsObject(error)) {
        response_error_object(request->at, request->model, error, 200, err);
        return false;
    }
    if ((refusal && refusal[0]) || is(reason, "content_filter")) {
        return set_refused(refusal && refusal[0] ? refusal
                                                 : "its content filter stopped the answer",
                           err);
    }
    if (is(reason, "length")) {
        return error_set(err, ERROR_OUTPUT, "the text model did not finish (length)");
    }
    refusal = NULL;
    add_content(message ? cJSON_GetObjectItemCaseSensitive(message, "content") : choice, out,
                &refusal);
    return !refusal || out->size > 0 || set_refused(refusal, err);
}

/* -- both -------------------------------------------------------------------------------------- */

/* Removes what some models put around JSON: reasoning in <think> tags, and a fence of Markdown. */
static struct blob without_wrapping(const struct text *text)
{
    static const char think[] = "</think>", fence[] = "```";
    const char *at = text->data + strspn(text->data, " \t\r\n"), *end = text->data + text->size;
    const char *close = strncmp(at, "<think>", 7) == 0 ? strstr(at, think) : NULL;

    at = close ? close + sizeof think - 1 : at;
    at += strspn(at, " \t\r\n");
    if (strncmp(at, fence, 3) == 0 && strchr(at, '\n')) {
        at = strchr(at, '\n') + 1;
        close = strstr(at, fence);
        end = close ? close : end;
    }
    while (end > at && strchr(" \t\r\n", end[-1])) {
        end--;
    }
    return blob_view(at, (size_t)(end - at));
}

static bool read_tree(const struct model_request *request, const cJSON *top, struct text *out,
                      struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");
    const cJSON *output = cJSON_GetObjectItemCaseSensitive(top, "output");
    const cJSON *choices = cJSON_GetObjectItemCaseSensitive(top, "choices");
    const char *plain = json_peek_text(top, "output_text");

    if (cJSON_IsObject(error) && error->child) {
        response_error_object(request->at, request->model, error, 200, err);
        return false;
    }
    if (cJSON_IsArray(output)) {
        if (!check_status(top, err) || !read_output(output, out, err)) {
            return false;
        }
    } else if (cJSON_IsArray(choices)) {
        if (!read_choice(request, cJSON_GetArrayItem(choices, 0), out, err)) {
            return false;
        }
    } else if (!plain) {
        return !response_reports_error(request->at, request->model, top, err) &&
               response_unreadable(request->at, top, "text", err);
    }
    if (out->size == 0 && plain) {
        text_add(out, plain);
    }
    return true;
}

bool response_text(const struct model_request *request, struct op *op, struct model_result *out,
                   struct error *err)
{
    const struct http_response *response = &op->http_response;
    struct text text;
    struct blob content;
    cJSON *top;
    bool good;

    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    if (!response_parse(request->at, &response->body, NULL, &top, err)) {
        return false;
    }
    response_usage(top, TASK_TEXT, &out->usage);
    text_begin(&text, TEXT_MAX);
    good = read_tree(request, top, &text, err);
    content = without_wrapping(&text);
    good = good &&
           (content.size || error_set(err, ERROR_REMOTE, "the response contains no text")) &&
           blob_copy(&out->content, content.data, content.size, err);
    snprintf(out->content_type, sizeof out->content_type, "application/json");
    text_end(&text);
    cJSON_Delete(top);
    return good;
}
