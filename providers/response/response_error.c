/* response_error.c - from the errors of OpenAI and compatible servers to enum error_kind. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "providers/response/response.h"
#include "providers/response/response_error_known.h"

enum { BODY_MAX = 1 << 20 /* bytes of an error that are parsed */, MESSAGE = 240 };

static void add_hint(enum hint hint, const struct endpoint *at, struct error *err)
{
    const char *key_variable = provider_key_variable(at->provider);

    if (hint == HINT_KEY && key_variable) {
        error_hint(err, "Check %s.", key_variable);
    } else if (hint == HINT_MONEY) {
        error_hint(err, "Top up the account, or raise its limit.");
    } else if (hint == HINT_ACCOUNT) {
        error_hint(err, "See the settings of the account on the provider's page.");
    } else if (hint == HINT_MODEL) {
        error_hint(err, "Choose another: `darkroom models` lists them.");
        err->cause = ERROR_CAUSE_MODEL_GONE;
    }
}

static void from_code(const struct known_error *code, const struct endpoint *at,
                      const char *message, struct error *err)
{
    error_set(err, code->kind, "%s%s%s%s%.200s", code->by_title ? at->provider->title : "",
              code->by_title ? " " : "", code->text, message[0] ? ": " : "", message);
    add_hint(code->hint, at, err);
}

/* -- the parts of an error, wherever a server puts them -----------------------------------------
 */

struct error_parts {
    const char *code, *inner_code, *type, *param;
    int status;            /* error.code if it is a number, such as 429; else the HTTP status */
    const char *words;     /* the message as the server wrote it; "" if the error has none */
    char message[MESSAGE]; /* the same, to be shown */
};

/* True if a word of the text begins like a key: "sk-...", but not "desk-lamp". */
static bool quotes_key(const char *text)
{
    const char *at = strstr(text, "sk-");

    while (at && at > text && isalnum((unsigned char)at[-1])) {
        at = strstr(at + 1, "sk-");
    }
    return at != NULL;
}

/* Copies the message. Servers may quote a part of the key: such a message is replaced. */
static void copy_message(const char *message, char out[MESSAGE])
{
    snprintf(out, MESSAGE, "%.*s", MESSAGE - 1, message ? message : "");
    if (quotes_key(out)) {
        snprintf(out, MESSAGE, "the key is not valid");
    }
}

/* Returns the text of a value that is a string, {"message": "..."}, {"msg": "..."}, or a list whose
 * first item is one of these. NULL if it is none. */
static const char *text_of(const cJSON *value)
{
    const char *text;

    if (cJSON_IsArray(value)) {
        value = cJSON_GetArrayItem(value, 0);
    }
    if (cJSON_IsString(value)) {
        return value->valuestring;
    }
    text = json_peek_text(value, "message");
    return text ? text : json_peek_text(value, "msg");
}

static const char *first_text(const cJSON *object)
{
    static const char *const names[] = { "message", "msg",           "detail",           "details",
                                         "error",   "error_message", "error_description" };
    const char *text = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !text; i++) {
        text = text_of(cJSON_GetObjectItemCaseSensitive(object, names[i]));
    }
    return text;
}

static void read_parts(const cJSON *error, int status, struct error_parts *out)
{
    static const char *const inner_names[] = { "innererror", "inner_error" };
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(error, "code");

    *out = (struct error_parts){
        .code = json_peek_text(error, "code"),
        .type = json_peek_text(error, "type"),
        .param = json_peek_text(error, "param"),
        .status = status,
    };
    for (int i = 0; i < 2 && !out->inner_code; i++) {
        out->inner_code =
            json_peek_text(cJSON_GetObjectItemCaseSensitive(error, inner_names[i]), "code");
    }
    if (cJSON_IsNumber(code) && code->valuedouble >= 400 && code->valuedouble < 600) {
        out->status = (int)code->valuedouble;
    }
    out->words = cJSON_IsString(error) ? error->valuestring : first_text(error);
    out->words = out->words ? out->words : "";
    copy_message(out->words, out->message);
}

static const struct known_error *known_code(const cJSON *error, const struct error_parts *parts)
{
    const char *const names[] = { parts->code, parts->inner_code, parts->type,
                                  json_peek_text(error, "status"), parts->words };
    const struct known_error *code = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !code; i++) {
        code = known_error_by_name(names[i]);
    }
    return code;
}

static bool names_content(const char *type)
{
    return type && strcmp(type, "image_generation_user_error") == 0;
}

static bool is_user_error(const char *type)
{
    return type && (strcmp(type, "invalid_request_error") == 0 || names_content(type));
}

/* True if the parameter holds what a seller has given. All others are chosen by darkroom or an
 * operator, and are the same for many jobs: an API that has changed rejects them all. */
static bool is_of_product(const char *param)
{
    static const char *const names[] = { "prompt",   "image",    "images",  "image_url", "mask",
                                         "messages", "contents", "content", "input",     "" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);

        if (strncmp(param, names[i], size) == 0 &&
            (size == 0 ? !*param : !param[size] || strchr("[.", param[size]))) {
            return true;
        }
    }
    return false;
}

void response_error_object(const struct endpoint *at, const struct model *model, const cJSON *error,
                           int status, struct error *err)
{
    const char *title = at->provider->title;
    const struct known_error *code;
    struct error_parts parts;

    read_parts(error, status, &parts);
    code = known_code(error, &parts);
    if (!code) {
        code = known_error_by_message(parts.words, parts.status);
    }
    if (code) {
        from_code(code, at, parts.message, err);
    } else if (parts.param && strcmp(parts.param, "model") == 0) {
        error_set(err, ERROR_CONFIG, "%s does not accept the model '%.60s': %.200s", title,
                  model->id, parts.message);
        add_hint(HINT_MODEL, at, err);
    } else if (parts.param && parts.status >= 400 && parts.status < 500 &&
               !is_of_product(parts.param)) {
        error_set(err, ERROR_REMOTE, "%s does not accept the parameter '%.60s' (HTTP %d): %.160s",
                  title, parts.param, parts.status, parts.message);
    } else if (parts.status < 400 && !is_user_error(parts.type)) {
        error_set(err, ERROR_REMOTE, "%s aborted the response: %.200s", title,
                  parts.message[0] ? parts.message : "no reason given");
    } else {
        response_status(at, parts.status, parts.message, false, err);
        if ((parts.param && is_of_product(parts.param)) || names_content(parts.type)) {
            err->cause = 0;
        }
    }
}

/* Returns the part of a body that describes the error: an object, or a string. */
static const cJSON *error_of(const cJSON *body)
{
    static const char *const names[] = { "error", "errors" };

    if (cJSON_IsArray(body)) {
        body = cJSON_GetArrayItem(body, 0);
    }
    for (int i = 0; i < 2; i++) {
        const cJSON *error = cJSON_GetObjectItemCaseSensitive(body, names[i]);

        if (cJSON_IsArray(error)) {
            error = cJSON_GetArrayItem(error, 0);
        }
        if (cJSON_IsObject(error)) {
            return error;
        }
    }
    return body;
}

void response_error_body(const struct endpoint *at, const struct model *model, const cJSON *body,
                         int status, struct error *err)
{
    response_error_object(at, model, error_of(body), status, err);
}

bool response_reports_error(const struct endpoint *at, const struct model *model, const cJSON *body,
                            struct error *err)
{
    const cJSON *error = error_of(body);
    const cJSON *named = cJSON_GetObjectItemCaseSensitive(body, "error");
    struct error_parts parts;

    if (!error) {
        return false;
    }
    if (error == body && !(cJSON_IsString(named) && named->valuestring[0])) {
        read_parts(error, 200, &parts); /* {"message": ...} is an error if its code is known */
        if (!known_code(error, &parts) && parts.status < 400) {
            return false;
        }
    }
    response_error_object(at, model, error, 200, err);
    return true;
}

/* -- bodies that are no JSON --------------------------------------------------------------------
 */

/* Copies the title of a web page, or the beginning of a text. */
static void copy_page(const struct blob *body, char out[MESSAGE])
{
    static const char open[] = "<title>";
    char text[600];
    const char *begin;
    size_t size = body->size < sizeof text - 1 ? body->size : sizeof text - 1;

    memcpy(text, body->size ? (const char *)body->data : "", size);
    text[size] = '\0';
    begin = strcasestr(text, open);
    if (begin) {
        begin += sizeof open - 1;
        text[begin - text + (long)strcspn(begin, "<")] = '\0';
    }
    copy_message(begin ? begin : strchr(text, '<') ? "" : text, out);
}

void response_error(const struct endpoint *at, const struct model *model,
                    const struct http_response *response, struct error *err)
{
    const struct blob *body = &response->body;
    char page[MESSAGE] = "";
    struct error ignored;
    cJSON *top = NULL;

    if (body->size < BODY_MAX && json_parse(body->data, body->size, "the error", &top, &ignored)) {
        response_error_body(at, model, top, response->status, err);
        cJSON_Delete(top);
    } else {
        copy_page(body, page);
        response_status(at, response->status, page, true, err);
    }
    err->retry_ms = response->retry_after_ms;
    if (response->should_retry == 'f' && response->status < 500 && error_rule(err->kind)->retry &&
        !error_rule(err->kind)->pauses_provider) {
        /* x-should-retry: false means that retries fail too. With a server error it says nothing
         * about the next hour, in which the job may still be tried. */
        err->kind = ERROR_INPUT;
    }
}
