/* openai_error.c - what OpenAI's errors mean: for the job, and for the provider as a whole. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "providers/openai.h"

struct row {
    const char *word;
    enum error_kind kind;
    const char *text; /* for the seller, before the provider's own message */
    const char *hint;
};

static const char key_hint[] = "Check OPENAI_API_KEY.";
static const char money_hint[] = "Top up the account, or raise its limit.";

/* By error.code, and then by error.type: the first row that matches decides. */
static const struct row rows[] = {
    { "moderation_blocked", ERROR_REFUSED, "the model's safety system declined this image", "" },
    { "content_policy_violation", ERROR_REFUSED, "the model's safety system declined this", "" },
    { "contentFilter", ERROR_REFUSED, "the model's safety system declined this", "" },
    { "content_filter", ERROR_REFUSED, "the model's safety system declined this", "" },
    { "image_content_policy_violation", ERROR_REFUSED,
      "the model's safety system declined the photo", "" },
    { "credit_balance_exhausted", ERROR_QUOTA, "the OpenAI account has no credit", money_hint },
    { "organization_spend_limit_exceeded", ERROR_QUOTA, "OpenAI's spend limit is reached",
      money_hint },
    { "project_spend_limit_exceeded", ERROR_QUOTA, "OpenAI's spend limit is reached", money_hint },
    { "organization_usage_limit_exceeded", ERROR_QUOTA, "OpenAI's usage limit is reached",
      money_hint },
    { "insufficient_quota", ERROR_QUOTA, "the OpenAI account has no credit", money_hint },
    { "billing_hard_limit_reached", ERROR_QUOTA, "OpenAI's billing limit is reached", money_hint },
    { "billing_not_active", ERROR_QUOTA, "the OpenAI account is not active", money_hint },
    { "invalid_api_key", ERROR_KEY, "OpenAI refused the key", key_hint },
    { "model_not_found", ERROR_CONFIG, "OpenAI does not offer this model to this account",
      "Choose another: `darkroom models` lists them." },
    { "rate_limit_exceeded", ERROR_BUSY, "OpenAI asks us to slow down", "" },
    { "slow_down", ERROR_BUSY, "OpenAI asks us to slow down", "" },
    { "server_is_overloaded", ERROR_BUSY, "OpenAI is overloaded", "" },
    { "server_error", ERROR_REMOTE, "OpenAI had a fault", "" },
    { "invalid_image_file", ERROR_INPUT, "OpenAI cannot read the product photo", "" },
    { "invalid_image", ERROR_INPUT, "OpenAI cannot read the product photo", "" },
    { "image_generation_user_error", ERROR_REFUSED, "the model declined this image", "" },
    { "service_unavailable_error", ERROR_BUSY, "OpenAI is overloaded", "" },
    { "rate_limit_error", ERROR_BUSY, "OpenAI asks us to slow down", "" },
    { "token_limit_exceeded", ERROR_BUSY, "OpenAI holds no more in its queue", "" },
    { "batch_expired", ERROR_REMOTE, "OpenAI ran out of time for this image", "" },
    { "batch_cancelled", ERROR_REMOTE, "this image's batch was cancelled", "" },
    { "requests", ERROR_BUSY, "OpenAI asks us to slow down", "" },
    { "tokens", ERROR_BUSY, "OpenAI asks us to slow down", "" },
};

static const struct row *row_of(const char *word)
{
    for (size_t i = 0; word && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].word, word) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static void by_status(int status, const char *message, struct error *err)
{
    const char *said = message ? message : "no reason given";

    if (status == 401 || status == 403) {
        error_set(err, ERROR_KEY, "OpenAI refused us (HTTP %d): %.200s", status, said);
        error_hint(err, "%s", key_hint);
    } else if (status == 404) {
        error_set(err, ERROR_CONFIG, "OpenAI does not know this (HTTP 404): %.200s", said);
    } else if (status == 402) {
        error_set(err, ERROR_QUOTA, "the account has no credit (HTTP 402): %.200s", said);
    } else if (status == 429 || status == 503) {
        error_set(err, ERROR_BUSY, "OpenAI asks us to slow down (HTTP %d)", status);
    } else if (status == 408 || status == 409 || status >= 500) {
        error_set(err, ERROR_REMOTE, "OpenAI had a fault (HTTP %d)", status);
    } else {
        error_set(err, ERROR_INPUT, "OpenAI refused the request (HTTP %d): %.200s", status, said);
    }
}

void openai_error_object(const cJSON *error, int status, const struct model *model,
                         struct error *err)
{
    const char *code = json_peek_text(error, "code");
    const char *type = json_peek_text(error, "type");
    const char *message = json_peek_text(error, "message");
    const struct row *row = row_of(code);
    char said[240];

    /* the key may be quoted in part: what looks like one is not passed on */
    snprintf(said, sizeof said, "%s", message ? message : "");
    if (strstr(said, "sk-")) {
        snprintf(said, sizeof said, "the key is not valid");
    }
    row = row ? row : row_of(type);
    if (message && strstr(message, "has been deprecated")) {
        error_set(err, ERROR_CONFIG, "model '%s' was shut down: %.160s", model->id, said);
        error_hint(err, "`darkroom models` lists those that live.");
    } else if (message && strstr(message, "must be verified to use the model")) {
        error_set(err, ERROR_CONFIG, "OpenAI wants this organization verified first: %.200s", said);
    } else if (row) {
        error_set(err, row->kind, "%s%s%.200s", row->text, said[0] ? ": " : "", said);
        error_hint(err, "%s", row->hint);
    } else if (status < 400 && (!type || strcmp(type, "invalid_request_error") != 0)) {
        error_set(err, ERROR_REMOTE, "OpenAI broke off: %.200s",
                  said[0] ? said : "no reason given");
    } else {
        by_status(status, said[0] ? said : NULL, err);
    }
}

void openai_error_body(const cJSON *body, int status, const struct model *model, struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(body, "error");

    if (cJSON_IsObject(error)) {
        openai_error_object(error, status, model, err);
    } else {
        by_status(status, json_peek_text(body, "detail"), err);
    }
}

void openai_error(const struct http_response *got, const struct model *model, struct error *err)
{
    struct error ignored;
    cJSON *top = NULL;

    if (!json_parse(got->body.data, got->body.size, "the answer", &top, &ignored)) {
        by_status(got->status, NULL, err); /* a proxy's page, or nothing */
    } else {
        openai_error_body(top, got->status, model, err);
        cJSON_Delete(top);
    }
    err->retry_ms = got->retry_after_ms;
    if (got->should_retry == 'f' && error_rule(err->kind)->retry &&
        !error_rule(err->kind)->pauses_provider) {
        err->kind = ERROR_INPUT; /* the server says that trying again is of no use */
    }
}
