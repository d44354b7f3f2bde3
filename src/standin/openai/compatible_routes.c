/* compatible_routes.c - routes of servers with an API like that of OpenAI: paths, keys, chat. */
#include "standin/openai/compatible_routes.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

enum { PREFIX_SIZE = 12 }; /* of "/compatible/" */

static const char *const azure_members[] = { "model",         "prompt",     "n",
                                             "size",          "quality",    "background",
                                             "output_format", "moderation", "user",
                                             "stream",        NULL };
static const char *const recraft_members[] = { "model",    "prompt",   "n",
                                               "size",     "style",    "response_format",
                                               "style_id", "controls", NULL };
static const char *const xai_members[] = { "model",      "prompt",          "n",     "aspect_ratio",
                                           "resolution", "response_format", "image", NULL };
static const char *const sd_members[] = {
    "prompt", "n", "size", "output_format", "output_compression", NULL
};
static const char *const together_members[] = { "model", "prompt", "width",           "height", "n",
                                                "steps", "seed",   "response_format", NULL };
static const char *const dalle2_members[] = { "model",           "prompt", "n", "size",
                                              "response_format", "user",   NULL };
static const char *const dalle3_members[] = { "model", "prompt",          "n",
                                              "size",  "quality",         "style",
                                              "user",  "response_format", NULL };

static const struct compatible_form forms[] = {
    { .name = "azure-v1",
      .key_header = "api-key",
      .key_prefix = "",
      .members = azure_members,
      .edits_form = true,
      .chat = true,
      .max_tokens = "max_completion_tokens" },
    { .name = "recraft",
      .key_header = "Authorization",
      .key_prefix = "Bearer ",
      .members = recraft_members,
      .response_format = "url",
      .result = RESULT_URL,
      .errors = ERROR_MESSAGE },
    { .name = "xai",
      .key_header = "Authorization",
      .key_prefix = "Bearer ",
      .members = xai_members,
      .response_format = "b64_json",
      .edits_json = true,
      .chat = true,
      .max_tokens = "max_completion_tokens",
      .result = RESULT_DATA_URL,
      .errors = ERROR_TEXT },
    { .name = "sd-server", .members = sd_members, .edits_form = true, .errors = ERROR_TEXT },
    { .name = "together",
      .key_header = "Authorization",
      .key_prefix = "Bearer ",
      .members = together_members,
      .response_format = "base64",
      .chat = true,
      .max_tokens = "max_tokens" },
    { .name = "dalle2-compatible",
      .key_header = "Authorization",
      .key_prefix = "Bearer ",
      .members = dalle2_members,
      .response_format = "b64_json",
      .chat = true,
      .max_tokens = "max_tokens",
      .result = RESULT_URL, /* LocalAI answers with a URL whatever was asked */
      .errors = ERROR_DETAIL },
    { .name = "dalle3-compatible",
      .key_header = "Authorization",
      .key_prefix = "Bearer ",
      .members = dalle3_members,
      .response_format = "b64_json",
      .chat = true,
      .max_tokens = "max_tokens" },
};

const struct compatible_form *compatible_form_of(const struct standin_request *request)
{
    const char *name = request->path + PREFIX_SIZE;
    size_t size = strcspn(name, "/");

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strlen(forms[i].name) == size && strncmp(forms[i].name, name, size) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

bool compatible_refuse(struct standin_request *request, const struct compatible_form *form,
                       int status, const char *message)
{
    cJSON *body, *list, *item;

    if (!form || form->errors == ERROR_OBJECT) {
        return answer_refuse(&request->answer, &(struct refusal){ .status = status }, "%s",
                             message);
    }
    body = cJSON_CreateObject();
    if (form->errors == ERROR_TEXT) {
        cJSON_AddStringToObject(body, "error", message);
    } else if (form->errors == ERROR_MESSAGE) {
        cJSON_AddStringToObject(body, "message", message);
    } else {
        list = cJSON_AddArrayToObject(body, "detail");
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "msg", message);
        cJSON_AddItemToArray(list, item);
    }
    answer_json(&request->answer, status, body);
    return false;
}

/* Exactly the header of the form must carry a key, and no header of OpenAI alone may be there. */
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

/* A chat request goes on as one of OpenAI's: its model and the name of the limit are translated. */
static void take_chat(struct standin_request *request, const struct compatible_form *form)
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
    texts_take(request);
}

static void set_route(struct standin_request *request, const char *route)
{
    request->route = route;
    snprintf(request->record.route, sizeof request->record.route, "%s", route);
}

static void take_image(struct standin_request *request, const struct compatible_form *form,
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
static void take_api(struct standin_request *request, const struct compatible_form *form,
                     const char *path, bool post)
{
    if (post && strcmp(path, "/images/generations") == 0) {
        take_image(request, form, false);
    } else if (post && strcmp(path, "/images/edits") == 0) {
        take_image(request, form, true);
    } else if (form->chat && post && strcmp(path, "/chat/completions") == 0) {
        set_route(request, "chat");
        take_chat(request, form);
    } else if (!post && strcmp(path, "/models") == 0) {
        answer_json(&request->answer, 200, cJSON_Parse("{\"object\":\"list\",\"data\":[]}"));
    } else {
        compatible_refuse(request, form, 404, "There is nothing at this path.");
    }
}

void compatible_take(struct standin_request *request)
{
    const struct compatible_form *form = compatible_form_of(request);
    const char *rest = request->path + PREFIX_SIZE + strcspn(request->path + PREFIX_SIZE, "/");
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
        take_api(request, form, rest + 3, post);
    }
}
