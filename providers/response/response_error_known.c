/* response_error_known.c - the table of known errors. Servers agree neither on the status nor on
 * the names: one rejects a key with 401, another with 400; one has a code for an empty account,
 * another says it in a sentence. An error that is not recognised as one of the account fails all
 * jobs. */
#include "providers/response/response_error_known.h"

#include <string.h>

#define DECLINED "the model's safety system declined this"
#define NO_MODEL "does not offer this model to this account"
#define GONE "has shut down this model"
#define BUSY "limits the request rate"
#define OVERLOADED "is overloaded"
#define NO_CREDIT "reports that the account has no credit"
#define LIMIT "reports that the spend limit is reached"
#define NO_KEY "refused the key"
#define UNVERIFIED "requires this organization to be verified"
#define NO_REGION "does not serve the country or network of this machine"
#define NO_PHOTO "cannot read the product photo"

/* Matched against error.code, then against error.type and error.status; the first match decides. */
static const struct known_error names[] = {
    { "moderation_blocked", ERROR_REFUSED, false, DECLINED " image", HINT_NONE },
    { "content_policy_violation", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "contentFilter", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "content_filter", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "ResponsibleAIPolicyViolation", ERROR_REFUSED, false, DECLINED, HINT_NONE },
    { "image_content_policy_violation", ERROR_REFUSED, false,
      "the model's safety system declined the photo", HINT_NONE },

    { "credit_balance_exhausted", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "insufficient_quota", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "insufficient_credits", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "insufficient_balance", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "payment_required", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "billing_error", ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY },
    { "organization_spend_limit_exceeded", ERROR_QUOTA, true, LIMIT, HINT_MONEY },
    { "project_spend_limit_exceeded", ERROR_QUOTA, true, LIMIT, HINT_MONEY },
    { "quota_exceeded", ERROR_QUOTA, true, LIMIT, HINT_MONEY },
    { "organization_usage_limit_exceeded", ERROR_QUOTA, true,
      "reports that the usage limit is reached", HINT_MONEY },
    { "billing_hard_limit_reached", ERROR_QUOTA, true, "reports that the billing limit is reached",
      HINT_MONEY },
    { "billing_not_active", ERROR_QUOTA, true, "reports that the account is not active",
      HINT_MONEY },

    { "invalid_api_key", ERROR_KEY, true, NO_KEY, HINT_KEY },
    { "authentication_error", ERROR_KEY, true, NO_KEY, HINT_KEY },
    { "permission_error", ERROR_KEY, true, NO_KEY, HINT_KEY },
    { "UNAUTHENTICATED", ERROR_KEY, true, NO_KEY, HINT_KEY },
    { "PERMISSION_DENIED", ERROR_KEY, true, NO_KEY, HINT_KEY },
    { "account_deactivated", ERROR_KEY, true, "has closed the account", HINT_ACCOUNT },
    { "unsupported_country_region_territory", ERROR_CONFIG, true, NO_REGION, HINT_NONE },
    { "ip_not_authorized", ERROR_CONFIG, true, NO_REGION, HINT_NONE },

    { "model_not_found", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "model_not_available", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "model_deprecated", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "unknown_model", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "invalid_model", ERROR_CONFIG, true, NO_MODEL, HINT_MODEL },
    { "DeploymentNotFound", ERROR_CONFIG, true, "has no such deployment", HINT_MODEL },

    { "rate_limit_exceeded", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "rate_limit_error", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "RESOURCE_EXHAUSTED", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "slow_down", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "requests", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "tokens", ERROR_BUSY, true, BUSY, HINT_NONE },
    { "token_limit_exceeded", ERROR_BUSY, true, "has reached its limit of queued batch tokens",
      HINT_NONE },
    { "server_is_overloaded", ERROR_BUSY, true, OVERLOADED, HINT_NONE },
    { "overloaded_error", ERROR_BUSY, true, OVERLOADED, HINT_NONE },
    { "service_unavailable_error", ERROR_BUSY, true, OVERLOADED, HINT_NONE },
    { "UNAVAILABLE", ERROR_BUSY, true, OVERLOADED, HINT_NONE },

    { "server_error", ERROR_REMOTE, true, "reports an internal error", HINT_NONE },
    { "batch_expired", ERROR_REMOTE, true, "did not make this image before its batch expired",
      HINT_NONE },
    { "batch_cancelled", ERROR_REMOTE, false, "the batch of this image was cancelled", HINT_NONE },

    { "invalid_image_file", ERROR_INPUT, true, NO_PHOTO, HINT_NONE },
    { "invalid_image", ERROR_INPUT, true, NO_PHOTO, HINT_NONE },
};

/* Which statuses let the message decide. During incidents servers report a model that exists as
 * missing, with the codes and types of a faulty request; with 5xx and 429 they may say anything. */
enum scope { NOT_BUSY, ALSO_429 };

/* Both words occur in the message, in any case of letters. The first match decides. */
static const struct pattern {
    const char *one, *other;
    enum scope scope;
    struct known_error as;
} patterns[] = {
#define PATTERN(one, other, scope, ...) { one, other, scope, { NULL, __VA_ARGS__ } },
#define REFUSED(one, other) PATTERN(one, other, NOT_BUSY, ERROR_REFUSED, false, DECLINED, HINT_NONE)
#define MONEY(one, other) PATTERN(one, other, ALSO_429, ERROR_QUOTA, true, NO_CREDIT, HINT_MONEY)
#define KEY(one, other) PATTERN(one, other, NOT_BUSY, ERROR_KEY, true, NO_KEY, HINT_KEY)
#define REGION(one, other) PATTERN(one, other, NOT_BUSY, ERROR_CONFIG, true, NO_REGION, HINT_NONE)
#define MODEL(one, other, text) PATTERN(one, other, NOT_BUSY, ERROR_CONFIG, true, text, HINT_MODEL)
#include "providers/response/error_messages.inc"
#undef PATTERN
#undef REFUSED
#undef MONEY
#undef KEY
#undef REGION
#undef MODEL
};

const struct known_error *known_error_by_name(const char *name)
{
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

const struct known_error *known_error_by_message(const char *message, int status)
{
    for (size_t i = 0; status < 500 && i < sizeof patterns / sizeof *patterns; i++) {
        const struct pattern *row = &patterns[i];

        if ((status != 429 || row->scope == ALSO_429) && strcasestr(message, row->one) &&
            strcasestr(message, row->other)) {
            return &row->as;
        }
    }
    return NULL;
}
