/* image_request.c - checks image requests with the rules of the real API. */
#include "standin/openai/image_request.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "image/image.h"
#include "standin/openai/multipart.h"

enum { GRID = 16, EDGE_MAX = 3840, PIXELS_MIN = 655360, PIXELS_MAX = 8294400, RATIO_MAX = 3 };

static const char *const common[] = { "prompt",
                                      "model",
                                      "n",
                                      "quality",
                                      "response_format",
                                      "output_format",
                                      "stream",
                                      "output_compression",
                                      "partial_images",
                                      "size",
                                      "moderation",
                                      "background",
                                      "style",
                                      "user",
                                      "complexity",
                                      "frame_count",
                                      "frame_duration_ms",
                                      "safety_identifier",
                                      "svg",
                                      NULL };
static const char *const edits[] = { "images", "mask", "input_fidelity", "markup", NULL };

bool image_request_read(struct image_request *image_request, const char *content_type,
                        const struct blob *body, struct answer *answer)
{
    struct error err;

    if (content_type && strncasecmp(content_type, "multipart/form-data", 19) == 0) {
        if (!image_request->edit) {
            return answer_refuse(answer,
                                 &(struct refusal){ .status = 400, .code = "invalid_content_type" },
                                 "Invalid content type: this endpoint takes application/json.");
        }
        return multipart_read(image_request, content_type, body, answer);
    }
    if (!content_type || strncasecmp(content_type, "application/json", 16) != 0 ||
        !json_parse(body->data, body->size, "body", &image_request->fields, &err) ||
        !cJSON_IsObject(image_request->fields)) {
        return answer_refuse(answer, &(struct refusal){ .status = 400 },
                             "We could not parse the JSON body of your request.");
    }
    return !image_request->edit || image_references_read(image_request, answer);
}

void image_request_free(struct image_request *image_request)
{
    cJSON_Delete(image_request->fields);
    for (int i = 0; i < IMAGE_REQUEST_PHOTOS; i++) {
        blob_free(&image_request->photos[i]);
    }
    blob_free(&image_request->mask);
    *image_request = (struct image_request){ 0 };
}

static bool refuse_value(struct answer *answer, const char *param, const char *code,
                         const char *why)
{
    return answer_refuse(answer, &(struct refusal){ .status = 400, .code = code, .param = param },
                         "%s", why);
}

bool image_request_find_model(const struct model_list *list, const char *id, bool image,
                              const struct offered_model **out, struct answer *answer)
{
    struct refusal refusal = { .status = 404, .code = "model_not_found" };

    *out = model_list_find(list, id);
    if (!*out) {
        return answer_refuse(answer, &refusal,
                             "The model `%.100s` does not exist or you do not have access to it.",
                             id);
    }
    if (offered_model_retired(*out)) {
        return answer_refuse(answer, &refusal, "The model `%s` has been deprecated", id);
    }
    if ((*out)->image != image) {
        refusal = (struct refusal){ .status = 400, .code = "invalid_value", .param = "model" };
        return answer_refuse(answer, &refusal,
                             "Invalid value: '%s'. The model is not supported by this endpoint.",
                             id);
    }
    return true;
}

/* Checks names before values, because the real API does. */
static bool check_names(const struct image_request *image_request, struct answer *answer)
{
    char why[160];
    const cJSON *field;

    cJSON_ArrayForEach(field, image_request->fields)
    {
        const char *name = field->string ? field->string : "";
        bool known =
            word_index(common, name) >= 0 || (image_request->edit && word_index(edits, name) >= 0);

        /* Only retired models took these two. */
        known = known && strcmp(name, "response_format") != 0 && strcmp(name, "style") != 0;
        known = known && (strcmp(name, "complexity") != 0 || image_request->offer->complexity);
        known = known && (strcmp(name, "markup") != 0 || image_request->offer->markup);
        known = known && (strcmp(name, "input_fidelity") != 0 || image_request->offer->fidelity[0]);
        if (!known) {
            snprintf(why, sizeof why, "Unknown parameter: '%.100s'.", name);
            return refuse_value(answer, name, "unknown_parameter", why);
        }
    }
    return true;
}

/* Accepts a word of the list or "auto". "auto" leaves *out unchanged. */
static bool check_word(const struct image_request *image_request, const char *name,
                       const char *const *words, const char **out, struct answer *answer)
{
    const cJSON *field = cJSON_GetObjectItem(image_request->fields, name);
    char why[400];
    int at;

    if (!field || cJSON_IsNull(field)) {
        return true;
    }
    if (!cJSON_IsString(field)) {
        snprintf(why, sizeof why, "Invalid type for '%s': expected a string.", name);
        return refuse_value(answer, name, "invalid_type", why);
    }
    if (strcmp(field->valuestring, "auto") == 0 && strcmp(name, "output_format") != 0) {
        return true;
    }
    if (word_index(words, field->valuestring) >= 0) {
        *out = field->valuestring;
        return true;
    }
    at = snprintf(why, sizeof why,
                  "Invalid value: '%.60s'. Supported values are:", field->valuestring);
    for (int i = 0; words[i]; i++) {
        at += snprintf(why + at, sizeof why - (size_t)at, " '%s'%s", words[i],
                       words[i + 1] ? "," : ".");
    }
    return refuse_value(answer, name, "invalid_value", why);
}

struct range {
    const char *name;
    int min, max;
};

static bool check_number(const struct image_request *image_request, const struct range *range,
                         int *out, struct answer *answer)
{
    const cJSON *field = cJSON_GetObjectItem(image_request->fields, range->name);
    char why[200];
    double number;

    if (!field || cJSON_IsNull(field)) {
        return true;
    }
    number = field->valuedouble;
    if (!cJSON_IsNumber(field) || number != floor(number)) {
        snprintf(why, sizeof why, "Invalid type for '%s': expected an integer.", range->name);
        return refuse_value(answer, range->name, "invalid_type", why);
    }
    if (number < range->min || number > range->max) {
        bool low = number < range->min;

        snprintf(why, sizeof why,
                 "Invalid '%s': integer %s value. Expected a value %s %d, but got "
                 "%.0f instead.",
                 range->name, low ? "below minimum" : "above maximum",
                 low ? ">=" : "<=", low ? range->min : range->max, number);
        return refuse_value(answer, range->name,
                            low ? "integer_below_min_value" : "integer_above_max_value", why);
    }
    *out = (int)number;
    return true;
}

static bool check_prompt(struct image_request *image_request, struct answer *answer)
{
    const cJSON *field = cJSON_GetObjectItem(image_request->fields, "prompt");
    char why[200];
    size_t length;

    if (!field) {
        return refuse_value(answer, "prompt", "missing_required_parameter",
                            "Missing required parameter: 'prompt'.");
    }
    if (!cJSON_IsString(field)) {
        return refuse_value(answer, "prompt", "invalid_type",
                            "Invalid type for 'prompt': expected a string.");
    }
    length = utf8_length(field->valuestring);
    if (length == 0) {
        return refuse_value(answer, "prompt", "empty_string",
                            "Invalid 'prompt': empty string. Expected a string with minimum length "
                            "1, but got an empty string instead.");
    }
    if (length > IMAGE_REQUEST_PROMPT_MAX) {
        snprintf(why, sizeof why,
                 "Invalid 'prompt': string too long. Expected a string with maximum length %d, but "
                 "got a string with length %zu instead.",
                 IMAGE_REQUEST_PROMPT_MAX, length);
        return refuse_value(answer, "prompt", "string_above_max_length", why);
    }
    image_request->prompt = field->valuestring;
    return true;
}

static bool check_size(struct image_request *image_request, struct answer *answer)
{
    const cJSON *field = cJSON_GetObjectItem(image_request->fields, "size");
    const char *text = cJSON_IsString(field) ? field->valuestring : field ? "?" : "auto";
    int width = 1024, height = 1024;
    int64_t pixels;
    char rest, why[200];
    bool good = strcmp(text, "auto") == 0;

    if (!good && sscanf(text, "%4dx%4d%c", &width, &height, &rest) == 2) {
        pixels = (int64_t)width * height;
        good = image_request->offer->grid
                   ? width > 0 && height > 0 && width % GRID == 0 && height % GRID == 0 &&
                         width <= EDGE_MAX && height <= EDGE_MAX && pixels >= PIXELS_MIN &&
                         pixels <= PIXELS_MAX && width <= RATIO_MAX * height &&
                         height <= RATIO_MAX * width
                   : word_index(image_request->offer->sizes, text) >= 0;
    }
    if (!good) {
        snprintf(why, sizeof why, "Invalid size '%.40s'. %s", text,
                 image_request->offer->grid
                     ? "Width and height must be multiples of 16, at most 3840, with a ratio from "
                       "1:3 to 3:1 and 655360 to 8294400 pixels."
                     : "Supported sizes are 1024x1024, 1024x1536, 1536x1024, and auto.");
        return refuse_value(answer, "size", "invalid_value", why);
    }
    image_request->width = width;
    image_request->height = height;
    return true;
}

static bool check_photos(const struct image_request *image_request, struct answer *answer)
{
    struct image_bounds bounds = { .max_bytes = 50 << 20, .max_pixels = 100000000 };
    struct image_facts facts = { 0 }, mask = { 0 };
    char why[160];
    struct error err;

    if (!image_request->edit) {
        return true;
    }
    if (image_request->photo_count == 0) {
        return refuse_value(answer, "image", "missing_required_parameter",
                            "Missing required parameter: 'image'.");
    }
    for (int i = image_request->photo_count - 1; i >= 0; i--) {
        if (!image_inspect(&image_request->photos[i], &bounds, &facts, &err) ||
            (facts.format != FORMAT_PNG && facts.format != FORMAT_JPEG &&
             facts.format != FORMAT_WEBP)) {
            snprintf(why, sizeof why,
                     "Invalid image file or mode for image %d, please check your image file.",
                     i + 1);
            return refuse_value(answer, "image", "invalid_image_file", why);
        }
    }
    if (image_request->mask.size > 0 &&
        (!image_inspect(&image_request->mask, &bounds, &mask, &err) || mask.format != FORMAT_PNG ||
         !mask.alpha || mask.width != facts.width || mask.height != facts.height)) {
        return refuse_value(answer, "mask", "invalid_image_file",
                            "Invalid mask image: it must be a PNG with an alpha channel and of the "
                            "same size as the image.");
    }
    return true;
}

static bool check_words(struct image_request *image_request, struct answer *answer)
{
    static const char *const backgrounds[] = { "transparent", "opaque", NULL };
    static const char *const moderations[] = { "low", NULL };
    static const char *const complexities[] = { "low", "medium", "high", NULL };
    const char *ignored;

    image_request->quality =
        word_index(image_request->offer->quality, "high") >= 0 ? "high" : "standard";
    image_request->background = "opaque";
    image_request->format = "png";
    return check_word(image_request, "quality", image_request->offer->quality,
                      &image_request->quality, answer) &&
           check_word(image_request, "background", backgrounds, &image_request->background,
                      answer) &&
           check_word(image_request, "output_format", image_request->offer->formats,
                      &image_request->format, answer) &&
           check_word(image_request, "moderation", moderations, &ignored, answer) &&
           check_word(image_request, "complexity", complexities, &ignored, answer) &&
           check_word(image_request, "input_fidelity", image_request->offer->fidelity, &ignored,
                      answer);
}

static bool check_together(const struct image_request *image_request, struct answer *answer)
{
    if (strcmp(image_request->background, "transparent") == 0 &&
        strcmp(image_request->format, "jpeg") == 0) {
        return refuse_value(answer, "background", "invalid_value",
                            "Transparent background is not supported for the jpeg output format.");
    }
    if (strcmp(image_request->format, "png") == 0 && image_request->compression != 100) {
        return refuse_value(answer, "output_compression", "invalid_png_output_compression",
                            "Compression less than 100 is not supported for PNG output format.");
    }
    return true;
}

bool image_request_check(struct image_request *image_request, const struct model_list *list,
                         struct answer *answer)
{
    static const struct range n = { "n", 1, 10 }, compression = { "output_compression", 0, 100 },
                              partials = { "partial_images", 0, 3 };
    const cJSON *stream = cJSON_GetObjectItem(image_request->fields, "stream");
    const char *model = json_peek_text(image_request->fields, "model");

    image_request->count = 1;
    image_request->compression = 100;
    image_request->stream = cJSON_IsTrue(stream);
    if (!image_request_find_model(list, model ? model : model_list_at(list, 0)->id, true,
                                  &image_request->offer, answer) ||
        !check_names(image_request, answer) || !check_prompt(image_request, answer)) {
        return false;
    }
    if (stream && !cJSON_IsBool(stream) && !cJSON_IsNull(stream)) {
        return refuse_value(answer, "stream", "invalid_type",
                            "Invalid type for 'stream': expected a boolean.");
    }
    if (!check_number(image_request, &n, &image_request->count, answer) ||
        !check_number(image_request, &compression, &image_request->compression, answer) ||
        !check_number(image_request, &partials, &image_request->partials, answer)) {
        return false;
    }
    image_request->partials = image_request->stream ? image_request->partials : 0;
    return check_size(image_request, answer) && check_words(image_request, answer) &&
           check_together(image_request, answer) && check_photos(image_request, answer);
}
