/* reply.c - builds replies with the headers that every one of them has. */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/memory.h"
#include "dashboard/dashboard_internal.h"

void reply_text(struct reply *reply, unsigned status, const char *text)
{
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    text_clear(&reply->body);
    text_add(&reply->body, text);
}

void reply_json(struct reply *reply, const cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);

    reply->type = "application/json";
    text_clear(&reply->body);
    text_add(&reply->body, text);
    cJSON_free(text);
    if (reply->body.overflow) {
        reply_error(reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "The answer is too large.");
    }
}

void reply_error(struct reply *reply, unsigned status, const char *text)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "error", text);
    reply->status = status;
    reply->body.overflow = false;
    reply_json(reply, json);
    cJSON_Delete(json);
}

void reply_failure(struct reply *reply, const struct error *err)
{
    char text[sizeof err->text + sizeof err->hint + 4];
    unsigned status = err->kind == ERROR_INPUT ? MHD_HTTP_BAD_REQUEST
                      : err->kind == ERROR_BUSY || err->kind == ERROR_DATABASE
                          ? MHD_HTTP_SERVICE_UNAVAILABLE
                          : MHD_HTTP_INTERNAL_SERVER_ERROR;

    snprintf(text, sizeof text, "%s.%s%s", err->text, err->hint[0] ? " " : "", err->hint);
    if (text[0] >= 'a' && text[0] <= 'z') {
        text[0] = (char)(text[0] - 'a' + 'A');
    }
    reply_error(reply, status, text);
}

void reply_query(struct dashboard_request *request, const char *statement, int param_count,
                 const char *const *params, const char *missing, struct reply *reply)
{
    struct blob json;
    struct error err;

    if (!session_pool_text(request->dashboard->pool, SESSION_READ, statement, param_count, params,
                           &json, &err)) {
        reply_failure(reply, &err);
        return;
    }
    if (json.size == 0) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, missing);
    } else {
        reply->type = "application/json";
        text_clear(&reply->body);
        text_add_bytes(&reply->body, json.data, json.size);
    }
    blob_free(&json);
    if (reply->body.overflow) {
        reply_error(reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "The answer is too large.");
    }
}

void reply_file(struct reply *reply, const char *name)
{
    char path[80];
    const struct embedded *file;
    const char *dot = strrchr(name, '.');

    snprintf(path, sizeof path, "assets/dashboard/%s", name);
    file = embed_find(path);
    INVARIANT(file && dot);
    reply->type = strcmp(dot, ".js") == 0    ? "text/javascript; charset=utf-8"
                  : strcmp(dot, ".css") == 0 ? "text/css; charset=utf-8"
                  : strcmp(dot, ".svg") == 0 ? "image/svg+xml"
                                             : "text/html; charset=utf-8";
    reply->may_be_cached = true;
    text_clear(&reply->body);
    text_add_bytes(&reply->body, file->data, file->size);
}

static void add_headers(const struct dashboard *dashboard, const struct reply *reply,
                        struct MHD_Response *response)
{
    const struct {
        const char *name, *value;
    } headers[] = { { "Content-Type", reply->type },
                    { "Content-Security-Policy", dashboard->policy },
                    { "X-Content-Type-Options", "nosniff" },
                    { "X-Frame-Options", "DENY" },
                    { "Referrer-Policy", "no-referrer" },
                    { "Cross-Origin-Opener-Policy", "same-origin" },
                    { "Cross-Origin-Resource-Policy", "same-origin" },
                    { "Cache-Control", reply->stays_cached    ? "private, max-age=3600"
                                       : reply->may_be_cached ? "private, no-cache"
                                                              : "no-store" } };
    char cookie[200];

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        MHD_add_response_header(response, headers[i].name, headers[i].value);
    }
    if (reply->location) {
        MHD_add_response_header(response, "Location", reply->location);
    }
    if (reply->sets_cookie) {
        snprintf(cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict",
                 dashboard->cookie_name, dashboard->config.token->cookie);
        MHD_add_response_header(response, "Set-Cookie", cookie);
    }
}

enum MHD_Result reply_send(const struct dashboard_request *request, struct reply *reply)
{
    struct MHD_Response *response = reply->stream;
    enum MHD_Result result;

    if (!response) {
        response = MHD_create_response_from_buffer(reply->body.size, reply->body.data,
                                                   MHD_RESPMEM_MUST_COPY);
    }
    if (!response) {
        return MHD_NO;
    }
    add_headers(request->dashboard, reply, response);
    result = MHD_queue_response(request->connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}
