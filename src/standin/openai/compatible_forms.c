/* compatible_forms.c - forms of the OpenAI-compatible servers, and errors in their shapes. */
#include <string.h>

#include "standin/openai/compatible_routes.h"

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
      .result = RESULT_URL, /* LocalAI always answers with a URL */
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
    const char *name = request->path + COMPATIBLE_PREFIX;
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
