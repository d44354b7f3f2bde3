/* payload.c - validates the payload of a job. */
#include "model/payload.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/stored_text.h"

enum { PAYLOAD_MAX_BYTES = 256 * 1024, STYLE_MAX_BYTES = 400, ID_MAX = 200 };

/* Turns an error of a JSON getter into ERROR_INPUT and names the payload. */
static bool payload_error(struct error *err)
{
    char text[sizeof err->text];

    memcpy(text, err->text, sizeof text);
    return error_set(err, ERROR_INPUT, "payload: %.300s", text);
}

static bool open_payload(const char *json, cJSON **top, struct arena *arena, struct payload *out,
                         struct error *err)
{
    const char *project;
    size_t size = strlen(json);

    *top = NULL;
    *out = (struct payload){ .kind = IMAGE_KINDS, .style = "" };
    if (size > PAYLOAD_MAX_BYTES) {
        return error_set(err, ERROR_INPUT, "the job's payload is longer than %d bytes",
                         PAYLOAD_MAX_BYTES);
    }
    if (utf8_length(json) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "the job's payload is not UTF-8");
    }
    if (!json_parse(json, size, "the job's payload", top, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (!cJSON_IsObject(*top)) {
        return error_set(err, ERROR_INPUT, "the job's payload is not an object");
    }
    if (!json_text(*top, "projectId", &project, err)) {
        return payload_error(err);
    }
    if (project[0] == '\0' || strlen(project) > ID_MAX) {
        return error_set(err, ERROR_INPUT, "payload: 'projectId' must be an id of 1 to %d bytes",
                         ID_MAX);
    }
    out->project_id = arena_text(arena, project);
    return true;
}

static bool read_kind(const cJSON *top, struct payload *out, struct error *err)
{
    const char *name;

    if (!json_text(top, "imageType", &name, err)) {
        return payload_error(err);
    }
    out->kind = kind_find(name);
    if (out->kind == IMAGE_KINDS) {
        return error_set(err, ERROR_INPUT,
                         "payload: 'imageType' must be one of MAIN_IMAGE, INFOGRAPHIC, "
                         "FEATURE_HIGHLIGHT, LIFESTYLE, COMPARISON_CHART, DIMENSION_DIAGRAM, "
                         "A_PLUS_MODULE; it is '%.40s'",
                         name);
    }
    return true;
}

/* The application lets a style be of any length: prompts, rows and paths get its beginning. */
static bool read_style(const cJSON *top, struct arena *arena, struct payload *out,
                       struct error *err)
{
    const char *style;

    if (!json_text_or(top, "style", "", &style, err)) {
        return payload_error(err);
    }
    out->style = brief_text(style, STYLE_MAX_BYTES, arena);
    return true;
}

static bool read_module_request(const cJSON *top, struct arena *arena, struct module_request *out,
                                struct error *err)
{
    const char *type, *description, *headline;
    int64_t module, slot;

    if (!json_text_or(top, "moduleType", NULL, &type, err) ||
        !json_text_or(top, "description", "", &description, err) ||
        !json_text_or(top, "headline", "", &headline, err) ||
        !json_int_or(top, "module", 0, 99, 0, &module, err) ||
        !json_int_or(top, "slot", 0, 99, 0, &slot, err)) {
        return payload_error(err);
    }
    if (utf8_length(description) > 2000 || utf8_length(headline) > 300 ||
        (type && strlen(type) > 80)) {
        return error_set(err, ERROR_INPUT,
                         "payload: the description, headline or type of the module is too long");
    }
    *out = (struct module_request){ .module = (int)module,
                                    .slot = (int)slot,
                                    .module_type = arena_text(arena, type),
                                    .description = brief_text(description, 8000, arena),
                                    .headline = brief_text(headline, 1200, arena) };
    return true;
}

/* Dimensions that the application knows take precedence over those in the project's texts. */
static void read_dimensions(const cJSON *top, struct arena *arena, struct payload *out)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(top, "dimensions");

    if (value && !cJSON_IsNull(value)) {
        out->dimensions = json_print(value, arena);
    }
}

/* Keys that the application's generators know. A value that is no text is left out. */
static const char *read_subject_text(const cJSON *top, const char *key, size_t max,
                                     struct arena *arena)
{
    const char *text = json_peek_text(top, key);
    char *copy = text ? arena_text(arena, brief_text(text, max, arena)) : NULL;

    if (copy) {
        stored_text_clean(copy); /* it becomes part of images and of what sellers read */
    }
    return copy ? copy : "";
}

static void read_subject(const cJSON *top, struct arena *arena, struct payload *out)
{
    out->subject = (struct subject_request){
        .scene = read_subject_text(top, "sceneDescription", 1000, arena),
        .feature = read_subject_text(top, "featureTitle", 120, arena),
        .comparison = read_subject_text(top, "comparisonType", 200, arena),
        .template_id = read_subject_text(top, "templateId", 100, arena),
    };
}

static bool read_marketplace(const cJSON *top, struct arena *arena, struct payload *out,
                             struct error *err)
{
    const char *marketplace;

    if (!json_text_or(top, "marketplace", NULL, &marketplace, err)) {
        return payload_error(err);
    }
    out->marketplace = marketplace && *marketplace ? arena_text(arena, marketplace) : NULL;
    return true;
}

bool payload_read_image(const char *json, struct arena *arena, struct payload *out,
                        struct error *err)
{
    cJSON *top;
    bool good =
        open_payload(json, &top, arena, out, err) && read_kind(top, out, err) &&
        read_style(top, arena, out, err) && read_marketplace(top, arena, out, err) &&
        (out->kind != A_PLUS_MODULE || read_module_request(top, arena, &out->module_request, err));

    if (good) {
        read_dimensions(top, arena, out);
        read_subject(top, arena, out);
    }
    cJSON_Delete(top);
    return good;
}

bool payload_read_pack(const char *json, struct arena *arena, struct payload *out,
                       struct error *err)
{
    cJSON *top;
    bool good =
        open_payload(json, &top, arena, out, err) && read_marketplace(top, arena, out, err) &&
        (json_bool_or(top, "includeAPlus", false, &out->include_aplus, err) || payload_error(err));

    cJSON_Delete(top);
    return good;
}

bool payload_read_aplus(const char *json, struct arena *arena, struct payload *out,
                        struct error *err)
{
    cJSON *top;
    bool good = open_payload(json, &top, arena, out, err) &&
                read_marketplace(top, arena, out, err) &&
                ((json_bool_or(top, "isPremium", false, &out->is_premium, err) &&
                  json_bool_or(top, "generateImages", false, &out->generate_images, err)) ||
                 payload_error(err));

    cJSON_Delete(top);
    return good;
}
