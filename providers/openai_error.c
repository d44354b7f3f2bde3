/* openai_error.c - from the errors of OpenAI and compatible servers to enum error_kind. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "providers/openai.h"

enum hint { HINT_NONE, HINT_KEY, HINT_MONEY, HINT_MODEL };

struct error_code {
    const char *name;
    enum error_kind kind;
    bool by_title;    /* the title of the provider precedes the text */
    const char *text; /* precedes the provider's own message */
    enum hint hint;
};

/* Matched against error.code, then against error.type; the first match decides. */
static const struct error_code codes[] = {
    { "moderation_blocked", ERROR_REFUSED, false, "the model's safety system declined this image",
      HINT_NONE },
    { "content_policy_violation", ERROR_REFUSED, false, "the model's safety system declined this",
      HINT_NONE },
    { "contentFilter", ERROR_REFUSED, false, "the model's safety system declined this", HINT_NONE },
    { "content_filter", ERROR_REFUSED, false, "the model's safety system declined this",
      HINT_NONE },
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
    { "billing_hard_limit_reached", ERROR_QUOTA, true, "reports that the billing limit is reached",
      HINT_MONEY },
    { "billing_not_active", ERROR_QUOTA, true, "reports that the account is not active",
      HINT_MONEY },
    { "invalid_api_key", ERROR_KEY, true, "refused the key", HINT_KEY },
    { "model_not_found", ERROR_CONFIG, true, "does not offer this model to this account",
      HINT_MODEL },
    { "rate_limit_exceeded", ERROR_BUSY, true, "limits the request rate", HINT_NONE },
    { "slow_down", ERROR_BUSY, true, "limits the request rate", HINT_NONE },
    { "server_is_overloaded", ERROR_BUSY, true, "is overloaded", HINT_NONE },
    { "server_error", ERROR_REMOTE, true, "reports an internal error", HINT_NONE },
    { "invalid_image_file", ERROR_INPUT, true, "cannot read the product photo", HINT_NONE },
    { "invalid_image", ERROR_INPUT, true, "cannot read the product photo", HINT_NONE },
    { "service_unavailable_error", ERROR_BUSY, true, "is overloaded", HINT_NONE },
    { "rate_limit_error", ERROR_BUSY, true, "limits the request rate", HINT_NONE },
    { "token_limit_exceeded", ERROR_BUSY, true, "has reached its limit of queued batch tokens",
      HINT_NONE },
    { "batch_expired", ERROR_REMOTE, true, "did not make this image before its batch expired",
      HINT_NONE },
    { "batch_cancelled", ERROR_REMOTE, false, "the batch of this image was cancelled", HINT_NONE },
    { "requests", ERROR_BUSY, true, "limits the request rate", HINT_NONE },
    { "tokens", ERROR_BUSY, true, "limits the request rate", HINT_NONE },
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

static void add_hint(enum hint hint, const struct endpoint *at, struct error *err)
{
    const char *key_variable = provider_key_variable(at->provider);

    if (hint == HINT_KEY && key_variable) {
        error_hint(err, "Check %s.", key_variable);
    } else if (hint == HINT_MONEY) {
        error_hint(err, "Top up the account, or raise its limit.");
    } else if (hint == HINT_MODEL) {
        error_hint(err, "Choose another: `darkroom models` lists them.");
    }
}

static void error_from_status(const struct endpoint *at, int status, const char *message,
                              struct error *err)
{
    const char *title = at->provider->title;
    const char *reason = message ? message : "no reason given";

    if (status == 401 || status == 403) {
        error_set(err, ERROR_KEY, "%s refused access (HTTP %d): %.200s", title, status, reason);
        add_hint(HINT_KEY, at, err);
    } else if (status == 404) {
        error_set(err, ERROR_CONFIG, "%s does not know this address or model (HTTP 404): %.200s",
                  title, reason);
    } else if (status == 402) {
        error_set(err, ERROR_QUOTA, "the account has no credit (HTTP 402): %.200s", reason);
    } else if (status == 429 || status == 503) {
        error_set(err, ERROR_BUSY, "%s %s (HTTP %d)", title,
                  status == 429 ? "limits the request rate" : "is overloaded", status);
    } else if (status == 408 || status == 409 || status >= 500) {
        error_set(err, ERROR_REMOTE, "%s reports an internal error (HTTP %d)", title, status);
    } else {
        error_set(err, ERROR_INPUT, "%s refused the request (HTTP %d): %.200s", title, status,
                  reason);
    }
}

/* Copies the message. Servers may quote a part of the key: such a message is replaced. */
static void copy_message(const char *message, char out[240])
{
    snprintf(out, 240, "%s", message ? message : "");
    if (strstr(out, "sk-")) {
        snprintf(out, 240, "the key is not valid");
    }
}

/* In an incident, models that exist were reported as missing, with a type and a code that are also
 * used for mistakes of the request (openai/codex issue 25965). */
static bool says_model_is_gone(const cJSON *error, const char *message)
{
    const char *code = json_peek_text(error, "code"), *model = strstr(message, "model");

    return (code && strcmp(code, "model_not_found") == 0) ||
           strstr(message, "has been deprecated") ||
           (model && (strstr(model, "does not exist") || strstr(model, "was not found")));
}

/* Only what the safety system says is a refusal: this type is also used for other errors. */
static bool says_declined(const char *type, const char *message)
{
    return type && strcmp(type, "image_generation_user_error") == 0 &&
           (strstr(message, "safety") || strstr(message, "policy"));
}

void openai_error_object(const struct endpoint *at, const struct model *model, const cJSON *error,
                         int status, struct error *err)
{
    const char *type = json_peek_text(error, "type");
    const struct error_code *code = code_find(json_peek_text(error, "code"));
    const char *title = at->provider->title;
    char message[240];

    copy_message(json_peek_text(error, "message"), message);
    code = code ? code : code_find(type);
    if (says_model_is_gone(error, message) && (!code || code->kind == ERROR_CONFIG)) {
        error_set(err, ERROR_CONFIG, "%s %s this model (%.80s): %.160s", title,
                  strstr(message, "has been deprecated") ? "has shut down" : "does not offer",
                  model->id, message);
        error_hint(err, "`darkroom models` lists models that are available.");
        err->cause = ERROR_CAUSE_MODEL_GONE;
    } else if (strstr(message, "must be verified to use the model")) {
        error_set(err, ERROR_CONFIG, "%s requires this organization to be verified: %.200s", title,
                  message);
    } else if (!code && says_declined(type, message)) {
        error_set(err, ERROR_REFUSED, "the model declined this image: %.200s", message);
    } else if (code) {
        error_set(err, code->kind, "%s%s%s%s%.200s", code->by_title ? title : "",
                  code->by_title ? " " : "", code->text, message[0] ? ": " : "", message);
        add_hint(code->hint, at, err);
    } else if (status < 400 && (!type || strcmp(type, "invalid_request_error") != 0)) {
        error_set(err, ERROR_REMOTE, "%s aborted the response: %.200s", title,
                  message[0] ? message : "no reason given");
    } else {
        error_from_status(at, status, message[0] ? message : NULL, err);
    }
}

/* The message of an error that is not an object: {"error": "..."}, {"message": "..."},
 * {"detail": "..."} or {"detail": [{"msg": "..."}]}. Returns NULL if the body has none of these. */
static const char *flat_message(const cJSON *body)
{
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(body, "detail");
    const char *text = json_peek_text(body, "error");

    text = text ? text : json_peek_text(body, "message");
    text = text ? text : json_peek_text(body, "detail");
    return text ? text : json_peek_text(cJSON_GetArrayItem(detail, 0), "msg");
}

void openai_error_body(const struct endpoint *at, const struct model *model, const cJSON *body,
                       int status, struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(body, "error");
    const char *flat = flat_message(body);
    char message[240];

    if (cJSON_IsObject(error)) {
        openai_error_object(at, model, error, status, err);
    } else {
        copy_message(flat, message);
        error_from_status(at, status, flat ? message : NULL, err);
    }
}

void openai_error(const struct endpoint *at, const struct model *model,
                  const struct http_response *response, struct error *err)
{
    struct error ignored;
    cJSON *top = NULL;

    if (!json_parse(response->body.data, response->body.size, "the response", &top, &ignored)) {
        error_from_status(at, response->status, NULL, err); /* a page of a proxy, or nothing */
    } else {
        openai_error_body(at, model, top, response->status, err);
        cJSON_Delete(top);
    }
    err->retry_ms = response->retry_after_ms;
    if (response->should_retry == 'f' && response->status < 500 && error_rule(err->kind)->retry &&
        !error_rule(err->kind)->pauses_provider) {
        /* x-should-retry: false means that retries fail too. With a server error it says nothing
         * about the next hour, in which the job may still be tried. */
        err->kind = ERROR_INPUT;
    }
}
