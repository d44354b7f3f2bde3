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

void reply_error(struct reply *reply, unsigned status, const char *text)
{
    cJSON *json = cJSON_CreateObject();
    char *body;

    cJSON_AddStringToObject(json, "error", text);
    reply->status = status;
    reply->type = "application/json";
    body = cJSON_PrintUnformatted(json);
    text_clear(&reply->body);
    text_add(&reply->body, body);
    cJSON_free(body);
    cJSON_Delete(json);
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
                    { "Cache-Control", reply->may_be_cached ? "private, no-cache" : "no-store" } };
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
