/* response_error.c - from the errors of OpenAI and compatible servers to enum error_kind. */
#include <stdio.h>
#include <string.h>

#include "providers/response/response.h"

enum { BODY_MAX = 1 << 20 /* bytes of an error that are parsed */, MESSAGE = 240 };

enum hint { HINT_NONE, HINT_KEY, HINT_MONEY, HINT_MODEL };

struct error_code {
    const char *name;
    enum error_kind kind;
    bool by_title;    /* the title of the provider precedes the text */
    const char *text; /* precedes the provider's own message */
    enum hint hint;
};

#define DECLINED "the model's safety system declined this"
#define NO_MODEL "does not offer this model to this account"
#define BUSY "limits the request rate"

/* Matched against error.code, then against error.type and error.status; the first match decides. */
static const struct error_code codes[] = {
    { "moderation_blocked", ERROR_REFUSED, false, DECLINED " image", HINT_NONE },
    { "content_policy_violation", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "contentFilter", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "content_filter", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "ResponsibleAIPolicyViolation", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "image_content_policy_violation", ERROR_REFUSED, false,
      "the model's safety system declined the photo", HINT_NONE },
    { "credit_balance_exhausted", ERROR_QUOTA, true, "reports that the account has no credit",
      HINT_MONEY },
    { "organization_spend_limit_exceeded", ERROR_QUOTA, true,
      "reports that the spend limit is reached", HINT_MONEY },
    { "project_spend_limit_exceeded", ERROR_QUOTA, true, "reports that the spend limit is reached",
      HINT_MONEY },
    { "organization_usage_limit_exceeded", ERROR_QUOTA, true,
      "reports that the usage limit is reached", HINT_MONEY },
    { "insufficient_quota", ERROR_QUOTA, true, "reports that the account has no credit",
      HINT_MONEY },
    { "insufficient_credits", ERROR_QUOTA, true, "reports that the account has no credit",
      HINT_MONEY },
    { "billing_hard_limit_reached", ERROR_QUOTA, true, "reports that the billing limit is reached",
      HINT_MONEY },
    { "billing_not_active", ERROR_QUOTA, true, "reports that the account is not active",
      HINT_MONEY },
    { "invalid_api_key", ERROR_KEY, true, "refused the key", HINT_KEY },
    { "UNAUTHENTICATED", ERROR_KEY, true, "refused the key", HINT_KEY },
    { "model_not_found", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "model_not_available", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "model_deprecated", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "unknown_model", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "invalid_model", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "DeploymentNotFound", ERROR_CONFIG, true, "has no such deployment", HINT_MODEL },
    { "rate_limit_exceeded", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "RESOURCE_EXHAUSTED", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "slow_down", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "server_is_overloaded", ERROR_BUSY, true, "is overloaded", HINT_NONE },
    { "UNAVAILABLE", ERROR_BUSY, true, "is overloaded", HINT_NONE },
    { "server_error", ERROR_REMOTE, true, "reports an internal error", HINT_NONE },
    { "invalid_image_file", ERROR_INPUT, true, "cannot read the product photo", HINT_NONE },
    { "invalid_image", ERROR_INPUT, true, "cannot read the product photo", HINT_NONE },
    { "service_unavailable_error", ERROR_BUSY, true, "is overloaded", HINT_NONE },
    { "rate_limit_error", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "token_limit_exceeded", ERROR_BUSY, true, "has reached its limit of queued batch tokens",
      HINT_NONE },
    { "batch_expired", ERROR_REMOTE, true, "did not make this image before its batch expired",
      HINT_NONE },
    { "batch_cancelled", ERROR_REMOTE, false, "the batch of this image was cancelled", HINT_NONE },
    { "requests", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "tokens", ERROR_BUSY, true, BUSY, HINT_NONE },
};

/* Errors without a known code, recognized by their message: both words occur in it, in any case of
 * letters. During incidents servers report a model that exists as missing, with the codes and types
 * of a faulty request. */
static const struct message_pattern {
    const char *one, *other;
    struct error_code as;
} patterns[] = {
    { "safety system", "", { NULL, ERROR_REFUSED, false, DECLINED, HINT_NONE } },
    { "safety_violations", "", { NULL, ERROR_REFUSED, false, DECLINED, HINT_NONE } },
    { "content policy", "", { NULL, ERROR_REFUSED, false, DECLINED, HINT_NONE } },
    { "content management policy", "", { NULL, ERROR_REFUSED, false, DECLINED, HINT_NONE } },
    { "flagged", "moderation", { NULL, ERROR_REFUSED, false, DECLINED, HINT_NONE } },
    { "model",
      "has been deprecated",
      { NULL, ERROR_CONFIG, true, "has shut down this model", HINT_MODEL } },
    { "model",
      "been shut down",
      { NULL, ERROR_CONFIG, true, "has shut down this model", HINT_MODEL } },
    { "model", "retired", { NULL, ERROR_CONFIG, true, "has shut down this model", HINT_MODEL } },
    { "model",
      "decommissioned",
      { NULL, ERROR_CONFIG, true, "has shut down this model", HINT_MODEL } },
    { "model",
      "is no longer",
      { NULL, ERROR_CONFIG, true, "has shut down this model", HINT_MODEL } },
    { "model", "does not exist", { NULL, ERROR_CONFIG, true, NO_MODEL, HINT_MODEL } },
    { "model", "do not have access", { NULL, ERROR_CONFIG, true, NO_MODEL, HINT_MODEL } },
    { "model", "not found", { NULL, ERROR_CONFIG, true, NO_MODEL, HINT_MODEL } },
    { "unknown model", "", { NULL, ERROR_CONFIG, true, NO_MODEL, HINT_MODEL } },
    { "no such model", "", { NULL, ERROR_CONFIG, true, NO_MODEL, HINT_MODEL } },
};

static const struct error_code *code_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(codes[i].name, name) == 0) {
            return &codes[i];
        }
    }
    return NULL;
}

static const struct error_code *pattern_find(const char *message)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (strcasestr(message, patterns[i].one) && strcasestr(message, patterns[i].other)) {
            return &patterns[i].as;
        }
    }
    return NULL;
}

static void add_hint(enum hint hint, const struct endpoint *at, struct error *err)
{
    const char *key_variable = provider_key_variable(at->provider);

    if (hint == HINT_KEY && key_variable) {
        error_hint(err, "Check %s.", key_variable);
    } else if (hint == HINT_MONEY) {
        error_hint(err, "Top up the account, or raise its limit.");
    } else if (hint == HINT_MODEL) {
        error_hint(err, "Choose another: `darkroom models` lists them.");
        err->cause = ERROR_CAUSE_MODEL_GONE;
    }
}

static void from_code(const struct error_code *code, const struct endpoint *at, const char *message,
                      struct error *err)
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
    char message[MESSAGE]; /* "" if the error has none */
};

/* Copies the message. Servers may quote a part of the key: such a message is replaced. */
static void copy_message(const char *message, char out[MESSAGE])
{
    snprintf(out, MESSAGE, "%.*s", MESSAGE - 1, message ? message : "");
    if (strstr(out, "sk-")) {
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
    copy_message(cJSON_IsString(error) ? error->valuestring : first_text(error), out->message);
}

static const struct error_code *known_code(const cJSON *error, const struct error_parts *parts)
{
    const char *const names[] = { parts->code, parts->inner_code, parts->type,
                                  json_peek_text(error, "status"), parts->message };
    const struct error_code *code = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && !code; i++) {
        code = code_find(names[i]);
    }
    return code;
}

static bool is_user_error(const char *type)
{
    return type && (strcmp(type, "invalid_request_error") == 0 ||
                    strcmp(type, "image_generation_user_error") == 0);
}

void response_error_object(const struct endpoint *at, const struct model *model, const cJSON *error,
                           int status, struct error *err)
{
    const char *title = at->provider->title;
    const struct error_code *code;
    struct error_parts parts;

    read_parts(error, status, &parts);
    code = known_code(error, &parts);
    if (!code && parts.status < 500 && parts.status != 429) {
        code = pattern_find(parts.message);
    }
    if (strstr(parts.message, "must be verified to use the model")) {
        error_set(err, ERROR_CONFIG, "%s requires this organization to be verified: %.200s", title,
                  parts.message);
    } else if (code) {
        from_code(code, at, parts.message, err);
    } else if (parts.param && strcmp(parts.param, "model") == 0) {
        error_set(err, ERROR_CONFIG, "%s does not accept the model '%.60s': %.200s", title,
                  model->id, parts.message);
        add_hint(HINT_MODEL, at, err);
    } else if (parts.status < 400 && !is_user_error(parts.type)) {
        error_set(err, ERROR_REMOTE, "%s aborted the response: %.200s", title,
                  parts.message[0] ? parts.message : "no reason given");
    } else {
        response_status(at, parts.status, parts.message, false, err);
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
