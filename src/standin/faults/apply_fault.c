/* apply_fault.c - faults that replace an answer, and faults that change it. */
#include <stdio.h>
#include <string.h>

#include "standin/standin_internal.h"

struct default_error { /* the real API's error for a status */
    int status;
    const char *type, *code, *message;
};

static const struct default_error default_errors[] = {
    { 401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided." },
    { 403, "invalid_request_error", NULL, "Your organization must be verified to use this model." },
    { 429, "requests", "rate_limit_exceeded",
      "Rate limit reached for images per min. Please try again in 1s." },
    { 500, "server_error", NULL, "The server had an error while processing your request." },
    { 502, "server_error", NULL, "Bad gateway." },
    { 503, "service_unavailable_error", "server_is_overloaded",
      "The engine is currently overloaded, please try again later." },
    { 504, "server_error", NULL, "The request timed out." },
    { 0, "invalid_request_error", NULL, "The request was refused." },
};

static const char *or_else(const char *text, const char *fallback)
{
    return text[0] ? text : fallback;
}

static void refuse_by_status(struct standin_request *request, int status)
{
    const struct fault *fault = &request->fault;
    const struct default_error *default_error = default_errors;
    char number[12];

    while (default_error->status && default_error->status != status) {
        default_error++;
    }
    if (strcmp(request->route, "storage") == 0) {
        snprintf(number, sizeof number, "%d", status);
        answer_storage_error(&request->answer, status, or_else(fault->type, number),
                             or_else(fault->code, "Error"), or_else(fault->code, "InternalError"),
                             or_else(fault->message, default_error->message));
        return;
    }
    answer_refuse(&request->answer,
                  &(struct refusal){ .status = status,
                                     .type = or_else(fault->type, default_error->type),
                                     .code = fault->code[0] ? fault->code : default_error->code },
                  "%s", or_else(fault->message, default_error->message));
}

cJSON *fault_error(const struct standin_request *request)
{
    const struct fault *fault = &request->fault;

    return answer_error(&(struct refusal){ .type = or_else(fault->type, "server_error"),
                                           .code = or_else(fault->code, NULL) },
                        or_else(fault->message,
                                "The server had an error while processing your request."));
}

static void answer_html(struct standin_request *request)
{
    static const char page[] = "<html><head><title>502 Bad Gateway</title></head><body><center>"
                               "<h1>502 Bad Gateway</h1></center></body></html>\n";

    answer_bytes(&request->answer, 502, "text/html", page, sizeof page - 1);
}

static void answer_moderation(struct standin_request *request)
{
    answer_refuse(
        &request->answer,
        &(struct refusal){
            .status = 400, .type = "image_generation_user_error", .code = "moderation_blocked" },
        "Your request was rejected by the safety system. If you believe this is an error, "
        "contact us at help.openai.com and include the request ID %s. "
        "safety_violations=[violence].",
        request->record.request_id);
}

/* What the API answered for all models during an incident, whatever the request. */
static void answer_model_gone(struct standin_request *request)
{
    bool asks = strcmp(request->route, "models") == 0;

    answer_refuse(&request->answer,
                  &(struct refusal){ .status = asks ? 404 : 400,
                                     .type = asks ? NULL : "image_generation_user_error",
                                     .code = asks ? "model_not_found" : "invalid_value" },
                  "The requested model does not exist.");
}

void fault_answer(struct standin_request *request)
{
    char seconds[12];

    switch (request->fault.kind) {
    case FAULT_STATUS:
        refuse_by_status(request, request->fault.status);
        break;
    case FAULT_HTML:
        answer_html(request);
        break;
    case FAULT_QUOTA:
        answer_refuse(&request->answer,
                      &(struct refusal){ .status = 429,
                                         .type = "insufficient_quota",
                                         .code = "credit_balance_exhausted" },
                      "You exceeded your current quota, please check your plan and billing "
                      "details.");
        break;
    case FAULT_BILLING:
        answer_refuse(&request->answer,
                      &(struct refusal){ .status = 400, .code = "billing_hard_limit_reached" },
                      "Billing hard limit has been reached");
        break;
    case FAULT_MODERATION:
        answer_moderation(request);
        break;
    case FAULT_MODEL_GONE:
        answer_model_gone(request);
        break;
    case FAULT_AS:
        if (!fault_form_is_error(request->fault.form)) {
            return;
        }
        refuse_by_status(request, 429);
        break;
    case FAULT_REFUSE:
        if (request->image_request.fields || strstr(request->path, "/images/")) {
            answer_moderation(request);
        }
        break;
    default:
        return;
    }
    change_form(request);
    if (request->fault.retry_after) {
        snprintf(seconds, sizeof seconds, "%d", request->fault.retry_after);
        answer_header(&request->answer, "retry-after", seconds);
    }
}

void apply_fault(struct standin_request *request)
{
    static const char garbage[] = "{\"created\": 1713833628, \"data\": [{\"b64_json\": ";

    switch (request->fault.kind) {
    case FAULT_GARBAGE:
        answer_bytes(&request->answer, 200, "application/json", garbage, sizeof garbage - 1);
        break;
    case FAULT_DROP:
    case FAULT_RESET:
    case FAULT_HANG:
        request->drop = true; /* generated and billed, but never sent */
        break;
    case FAULT_AS:
    case FAULT_USAGE:
        if (request->answer.status < 400) { /* fault_answer has changed an error already */
            change_form(request);
        }
        break;
    default:
        break;
    }
}
