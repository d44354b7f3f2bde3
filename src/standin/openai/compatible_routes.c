/* compatible_routes.c - routes of servers with an API like that of OpenAI: paths, keys, chat. */
#include "standin/openai/compatible_routes.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

/* Requires the key in the header of the form only, and refuses headers that only OpenAI takes. */
static bool check_key(struct standin_request *request, const struct compatible_form *form)
{
    const char *header = form->key_header ? request_header(request, form->key_header) : NULL;
    const char *authorization = request_header(request, "Authorization");
    const char *expected = request->standin->config.key;

    if (request_header(request, "OpenAI-Organization") ||
        request_header(request, "OpenAI-Project")) {
        return compatible_refuse(request, form, 400, "Headers of another service were sent.");
    }
    if (authorization &&
        (!form->key_header || strcasecmp(form->key_header, "Authorization") != 0)) {
        return compatible_refuse(request, form, 401, "This server takes no Authorization header.");
    }
    if (!form->key_header) {
        return true;
    }
    if (!header || strncmp(header, form->key_prefix, strlen(form->key_prefix)) != 0) {
        return compatible_refuse(request, form, 401, "The key is missing.");
    }
    header += strlen(form->key_prefix);
    if (expected ? strcmp(header, expected) != 0 : strncmp(header, "ck-", 3) != 0) {
        return compatible_refuse(request, form, 401, "The key is not valid.");
    }
    return true;
}

/* Handles a chat request as one of OpenAI, after replacing the model and the output limit's name.
 */
static void handle_chat(struct standin_request *request, const struct compatible_form *form)
{
    struct error err;
    cJSON *tree = NULL, *limit;
    char *text;

    if (!json_parse(request->body.data, request->body.size, "body", &tree, &err) ||
        !cJSON_IsString(cJSON_GetObjectItem(tree, "model"))) {
        cJSON_Delete(tree);
        compatible_refuse(request, form, 400, "The body has no model.");
        return;
    }
    limit = cJSON_DetachItemFromObjectCaseSensitive(tree, form->max_tokens);
    if (cJSON_GetObjectItem(tree, "max_tokens") ||
        cJSON_GetObjectItem(tree, "max_completion_tokens")) {
        cJSON_Delete(limit);
        cJSON_Delete(tree);
        compatible_refuse(request, form, 400, "Unknown parameter for the output limit.");
        return;
    }
    cJSON_ReplaceItemInObject(tree, "model", cJSON_CreateString("gpt-6-luna"));
    if (limit) {
        cJSON_AddItemToObject(tree, "max_completion_tokens", limit);
    }
    text = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
    blob_free(&request->body);
    if (!text || !blob_copy(&request->body, text, strlen(text), &err)) {
        cJSON_free(text);
        compatible_refuse(request, form, 500, "Out of memory.");
        return;
    }
    cJSON_free(text);
    texts_handle(request);
}

static void set_route(struct standin_request *request, const char *route)
{
    request->route = route;
    snprintf(request->record.route, sizeof request->record.route, "%s", route);
}

static void handle_image(struct standin_request *request, const struct compatible_form *form,
                         bool edit)
{
    set_route(request, edit ? "edits" : "images");
    request->image_request.edit = edit;
    if (edit && !form->edits_form && !form->edits_json) {
        compatible_refuse(request, form, 404, "This server does not edit images.");
    } else if (compatible_check_image(request, form)) {
        blob_free(&request->body);
        request->handler = compatible_draw;
    }
}

/* Paths below /compatible/NAME/v1. */
static void handle_api(struct standin_request *request, const struct compatible_form *form,
                       const char *path, bool post)
{
    if (post && strcmp(path, "/images/generations") == 0) {
        handle_image(request, form, false);
    } else if (post && strcmp(path, "/images/edits") == 0) {
        handle_image(request, form, true);
    } else if (form->chat && post && strcmp(path, "/chat/completions") == 0) {
        set_route(request, "chat");
        handle_chat(request, form);
    } else if (!post && strcmp(path, "/models") == 0) {
        answer_json(&request->answer, 200, cJSON_Parse("{\"object\":\"list\",\"data\":[]}"));
    } else {
        compatible_refuse(request, form, 404, "There is nothing at this path.");
    }
}

void compatible_handle(struct standin_request *request)
{
    const struct compatible_form *form = compatible_form_of(request);
    const char *rest =
        request->path + COMPATIBLE_PREFIX + strcspn(request->path + COMPATIBLE_PREFIX, "/");
    bool post = strcmp(request->record.method, "POST") == 0;

    if (form && !post && strncmp(rest, "/file/", 6) == 0) {
        if (request_header(request, "Authorization") || request_header(request, "api-key")) {
            compatible_refuse(request, form, 400, "A key was sent to the address of a file.");
        } else {
            request->handler = compatible_draw_file;
        }
    } else if (!form || strncmp(rest, "/v1/", 4) != 0) {
        compatible_refuse(request, form, 404, "There is nothing at this path.");
    } else if (check_key(request, form)) {
        handle_api(request, form, rest + 3, post);
    }
}
