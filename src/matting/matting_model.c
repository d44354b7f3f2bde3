/* matting_model.c - descriptions of models: built in by file name, or JSON beside the model. */
#include "matting/matting_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "io/file.h"

enum { DESCRIPTION_BYTES = 16 << 10, SIDE_MIN = 16, SIDE_MAX = 2048 };

/* Values of the networks' own inference code, as in the sessions of rembg (github.com/danielgatis/
 * rembg); isnet's are those of github.com/xuebinqin/DIS, rmbg-1.4's those of its model card. Memory
 * and time are generous limits, not measurements. The first name that the file's name contains
 * decides. */
static const struct {
    const char *name;
    struct matting_model model;
} known_models[] = {
    { "rmbg-1", { 1024, 1024, { 0.5, 0.5, 0.5 }, { 1, 1, 1 }, false, 0, false, true, 60, 2048 } },
    { "rmbg",
      { 1024,
        1024,
        { 0.485, 0.456, 0.406 },
        { 0.229, 0.224, 0.225 },
        false,
        0,
        false,
        true,
        120,
        6144 } },
    { "birefnet",
      { 1024,
        1024,
        { 0.485, 0.456, 0.406 },
        { 0.229, 0.224, 0.225 },
        false,
        0,
        true,
        false,
        120,
        6144 } },
    { "isnet", { 1024, 1024, { 0.5, 0.5, 0.5 }, { 1, 1, 1 }, false, 0, false, true, 60, 2048 } },
    { "u2net",
      { 320,
        320,
        { 0.485, 0.456, 0.406 },
        { 0.229, 0.224, 0.225 },
        true,
        0,
        false,
        true,
        30,
        1024 } },
};

bool matting_model_by_name(const char *path, struct matting_model *out)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;

    for (size_t i = 0; i < sizeof known_models / sizeof *known_models; i++) {
        if (strcasestr(file, known_models[i].name)) {
            *out = known_models[i].model;
            return true;
        }
    }
    *out = (struct matting_model){ .std = { 1, 1, 1 }, .seconds = 60, .memory_mb = 2048 };
    return false;
}

/* -- JSON -------------------------------------------------------------------------------------- */

/* Reads an array of three numbers, if the key is there. */
static bool read_colours(const cJSON *json, const char *key, double least, double *out,
                         struct error *err)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(json, key);

    if (!values) {
        return true;
    }
    for (int i = 0; i < 3; i++) {
        const cJSON *value = cJSON_IsArray(values) ? cJSON_GetArrayItem(values, i) : NULL;

        if (cJSON_GetArraySize(values) != 3 || !value || !cJSON_IsNumber(value) ||
            !(value->valuedouble >= least) || !(value->valuedouble <= 1000)) {
            return error_set(err, ERROR_CONFIG, "'%s': expected three numbers from %g to 1000", key,
                             least);
        }
        out[i] = value->valuedouble;
    }
    return true;
}

/* A misspelt key would leave a wrong value in use. */
static bool has_known_keys(const cJSON *json, struct error *err)
{
    static const char *const keys[] = { "width",  "height",  "mean",    "std",     "divide_by_max",
                                        "output", "sigmoid", "stretch", "seconds", "memory_mb" };
    const cJSON *member;

    cJSON_ArrayForEach(member, json)
    {
        bool known = false;

        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            known |= strcmp(member->string, keys[i]) == 0;
        }
        if (!known) {
            return error_set(err, ERROR_CONFIG, "'%.40s' is not a key of this file",
                             member->string);
        }
    }
    return true;
}

static bool read_members(const cJSON *json, struct matting_model *model, struct error *err)
{
    int64_t width, height, output, seconds, memory;

    if (!cJSON_IsObject(json)) {
        return error_set(err, ERROR_CONFIG, "expected an object");
    }
    if (!has_known_keys(json, err) ||
        !json_int_or(json, "width", SIDE_MIN, SIDE_MAX, model->width, &width, err) ||
        !json_int_or(json, "height", SIDE_MIN, SIDE_MAX, model->height, &height, err) ||
        !json_int_or(json, "output", 0, 63, model->output, &output, err) ||
        !json_int_or(json, "seconds", 1, 3600, model->seconds, &seconds, err) ||
        !json_int_or(json, "memory_mb", 16, 65536, model->memory_mb, &memory, err) ||
        !json_bool_or(json, "divide_by_max", model->divide_by_max, &model->divide_by_max, err) ||
        !json_bool_or(json, "sigmoid", model->sigmoid, &model->sigmoid, err) ||
        !json_bool_or(json, "stretch", model->stretch, &model->stretch, err) ||
        !read_colours(json, "mean", -1000, model->mean, err) ||
        !read_colours(json, "std", 0.001, model->std, err)) {
        return false;
    }
    model->width = (int)width;
    model->height = (int)height;
    model->output = (int)output;
    model->seconds = (unsigned)seconds;
    model->memory_mb = (unsigned)memory;
    return true;
}

bool matting_model_read(const struct blob *json, struct matting_model *model, struct error *err)
{
    cJSON *root = NULL;
    bool good =
        json_parse(json->data, json->size, "the description of the cut-out model", &root, err) &&
        read_members(root, model, err);

    cJSON_Delete(root);
    if (!good) {
        err->kind = ERROR_CONFIG;
    }
    return good;
}

/* Reads PATH.json. *found tells whether there is one. */
static bool read_description(const char *path, struct matting_model *out, bool *found,
                             struct error *err)
{
    char name[4096 + 8];
    struct blob json = { 0 };
    bool missing = false, good;
    struct error why;

    snprintf(name, sizeof name, "%s.json", path);
    *found = false;
    if (!file_read(name, DESCRIPTION_BYTES, &json, &missing, err)) {
        err->kind = ERROR_CONFIG;
        return false;
    }
    if (missing) {
        return true;
    }
    *found = true;
    good = matting_model_read(&json, out, &why);
    blob_free(&json);
    if (good) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "cannot read '%.160s': %.150s", name, why.text);
    return error_hint(err, "Correct the file; assets/docs/images.md names its keys.");
}

bool matting_model_describe(const char *path, struct matting_model *out, struct error *err)
{
    bool known = matting_model_by_name(path, out), described;

    if (!read_description(path, out, &described, err)) {
        return false;
    }
    if (known || described) {
        return true;
    }
    error_set(
        err, ERROR_CONFIG,
        "the normalisation of the cut-out model '%.160s' is unknown: its name contains none of "
        "u2net, isnet, birefnet, rmbg",
        path);
    return error_hint(err, "Describe it in a file of the same name with .json added: "
                           "{\"width\": 1024, \"height\": 1024, \"mean\": [0.5, 0.5, 0.5], "
                           "\"std\": [1, 1, 1]}.");
}

bool matting_model_set_size(const char *path, int width, int height, struct matting_model *model,
                            struct error *err)
{
    model->width = width > 0 ? width : model->width;
    model->height = height > 0 ? height : model->height;
    if (model->width >= SIDE_MIN && model->height >= SIDE_MIN && model->width <= SIDE_MAX &&
        model->height <= SIDE_MAX) {
        return true;
    }
    error_set(err, ERROR_CONFIG,
              "the cut-out model '%.160s' takes images of %d x %d; %d to %d "
              "pixels a side are possible",
              path, model->width, model->height, SIDE_MIN, SIDE_MAX);
    return error_hint(err, "Use another model, or set width and height in the file of the same "
                           "name with .json added if its input has any size.");
}

/* -- pixels ------------------------------------------------------------------------------------ */

void matting_model_input(const struct matting_model *model, const uint8_t *pixels, float *planes)
{
    size_t count = (size_t)model->width * (size_t)model->height;
    double divisor = 255;

    if (model->divide_by_max) {
        divisor = 1;
        for (size_t i = 0; i < count * 3; i++) {
            divisor = pixels[i] > divisor ? pixels[i] : divisor;
        }
    }
    for (int c = 0; c < 3; c++) {
        float *plane = planes + (size_t)c * count;

        for (size_t i = 0; i < count; i++) {
            plane[i] =
                (float)((pixels[i * 3 + (size_t)c] / divisor - model->mean[c]) / model->std[c]);
        }
    }
}

/* Where nothing reaches a half, the model found no product: stretching would make one of noise. */
static void stretch(float *mask, size_t count)
{
    float low = 1, high = 0;

    for (size_t i = 0; i < count; i++) {
        low = mask[i] < low ? mask[i] : low;
        high = mask[i] > high ? mask[i] : high;
    }
    if (high < 0.5F || high - low < 0.1F) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        mask[i] = (mask[i] - low) / (high - low);
    }
}

bool matting_model_alpha(const struct matting_model *model, float *mask, uint8_t *rgba)
{
    size_t count = (size_t)model->width * (size_t)model->height;

    for (size_t i = 0; i < count; i++) {
        if (!isfinite(mask[i])) {
            return false;
        }
        if (model->sigmoid) {
            mask[i] = 1 / (1 + expf(-mask[i]));
        }
    }
    if (model->stretch) {
        stretch(mask, count);
    }
    for (size_t i = 0; i < count; i++) {
        float value = fminf(1, fmaxf(0, mask[i]));

        rgba[i * 4 + 3] = (uint8_t)(value * 255 + 0.5F);
    }
    return true;
}
