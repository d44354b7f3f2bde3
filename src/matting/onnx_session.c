/* onnx_session.c - loads ONNX Runtime and a model, and runs it. */
#include "matting/onnx_session.h"

#include <dlfcn.h>
#include <string.h>

enum { RANK = 4 }; /* of the input: 1 x 3 x height x width */

/* Takes the message of a status, and frees it. Returns true for success. */
static bool succeeded(const struct onnx_api *api, struct ort_status *status, enum error_kind kind,
                      const char *what, struct error *err)
{
    if (!status) {
        return true;
    }
    error_set(err, kind, "%s: %.200s", what, api->GetErrorMessage(status));
    api->ReleaseStatus(status);
    return false;
}

/* -- the library ----------------------------------------------------------------------------- */

static bool no_library(struct error *err, const char *name, const char *why)
{
    error_set(err, ERROR_CONFIG,
              "ONNX Runtime, which --cutout-model needs, cannot be loaded: %.200s",
              why ? why : name);
    return error_hint(err, "Install ONNX Runtime 1.0 or later, and name its libonnxruntime.so with "
                           "--cutout-runtime FILE. The npm package onnxruntime-node has one.");
}

static void *open_library(const char *path, const char **why)
{
    static const char *const names[] = { "libonnxruntime.so.1", "libonnxruntime.so" };
    void *library = path[0] ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

    for (size_t i = 0; !path[0] && !library && i < sizeof names / sizeof *names; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    *why = library ? NULL : dlerror();
    return library;
}

static bool load_api(const char *path, struct onnx_api *out, struct error *err)
{
    const struct onnx_api_base *(*get_base)(void) = NULL;
    const struct onnx_api_base *base;
    const onnx_function *table;
    const char *why = NULL;
    void *library = open_library(path, &why), *found;

    if (!library) {
        return no_library(err, path, why);
    }
    found = dlsym(library, "OrtGetApiBase");
    memcpy(&get_base, &found, sizeof found);
    base = get_base ? get_base() : NULL;
    table = base ? base->get_api(ONNX_API_VERSION) : NULL;
    if (!table) {
        return no_library(err, path, "the library does not have version 1 of the C API");
    }
#define ONNX_FUNCTION(name, position, result, ...)                                                 \
    memcpy(&out->name, &table[position], sizeof out->name);
#include "matting/onnx_functions.inc"
#undef ONNX_FUNCTION
    return true;
}

/* -- the model ------------------------------------------------------------------------------- */

static bool unsuitable(struct error *err, const char *model, const char *why)
{
    error_set(err, ERROR_CONFIG, "the cut-out model '%.160s' cannot be used: %s", model, why);
    return error_hint(err,
                      "Use a model with one input of 1 x 3 x height x width floats, and a mask "
                      "of the same height and width as its output.");
}

/* One thread and no arena: children of this process run the model, each within a memory limit. */
static bool create_session(const char *model, struct onnx_session *out, struct error *err)
{
    const struct onnx_api *api = &out->api;
    struct ort_options *options = NULL;
    struct ort_env *env = NULL;
    struct ort_status *status = api->CreateEnv(ONNX_LOG_FATAL, "darkroom", &env);

    status = status ? status : api->CreateSessionOptions(&options);
    status = status ? status : api->SetIntraOpNumThreads(options, 1);
    status = status ? status : api->SetInterOpNumThreads(options, 1);
    status = status ? status : api->DisableCpuMemArena(options);
    if (!succeeded(api, status, ERROR_CONFIG, "ONNX Runtime cannot be started", err)) {
        return error_hint(err, "Use another version of ONNX Runtime.");
    }
    status = api->CreateSession(env, model, options, &out->session);
    if (!succeeded(api, status, ERROR_CONFIG, "the cut-out model cannot be loaded", err)) {
        return error_hint(err, "Set --cutout-model to an ONNX file that this version of ONNX "
                               "Runtime can read.");
    }
    return true;
}

/* Reads element type and dimensions. Returns false if there are more than `most`. */
static bool read_shape(const struct onnx_api *api, const struct ort_tensor_info *info, int *element,
                       int64_t *shape, size_t most, size_t *count)
{
    struct ort_status *status = api->GetTensorElementType(info, element);

    status = status ? status : api->GetDimensionsCount(info, count);
    if (!status && *count <= most) {
        status = api->GetDimensions(info, shape, *count);
    }
    if (status) {
        api->ReleaseStatus(status);
        return false;
    }
    return *count <= most;
}

static bool is_side(int64_t value)
{
    return value < 1 || (value >= 16 && value <= 4096);
}

static bool read_input(struct onnx_session *out)
{
    const struct onnx_api *api = &out->api;
    const struct ort_tensor_info *info = NULL;
    struct ort_type *type = NULL;
    struct ort_status *status = api->SessionGetInputTypeInfo(out->session, 0, &type);
    int64_t shape[RANK] = { 0 };
    size_t count = 0;
    int element = 0;
    bool good;

    status = status ? status : api->CastTypeInfoToTensorInfo(type, &info);
    good = !status && info && read_shape(api, info, &element, shape, RANK, &count) &&
           element == ONNX_FLOAT && count == RANK && shape[0] <= 1 &&
           (shape[1] == 3 || shape[1] < 1) && is_side(shape[2]) && is_side(shape[3]);
    if (status) {
        api->ReleaseStatus(status);
    }
    if (type) {
        api->ReleaseTypeInfo(type);
    }
    out->height = good && shape[2] > 0 ? (int)shape[2] : 0;
    out->width = good && shape[3] > 0 ? (int)shape[3] : 0;
    return good;
}

static bool read_names(int output, struct onnx_session *out)
{
    const struct onnx_api *api = &out->api;
    struct ort_allocator *allocator = NULL;
    size_t inputs = 0, outputs = 0;
    struct ort_status *status = api->SessionGetInputCount(out->session, &inputs);

    status = status ? status : api->SessionGetOutputCount(out->session, &outputs);
    status = status ? status : api->GetAllocatorWithDefaultOptions(&allocator);
    if (!status && inputs == 1 && outputs > (size_t)output) {
        status = api->SessionGetInputName(out->session, 0, allocator, &out->input);
        status = status ? status
                        : api->SessionGetOutputName(out->session, (size_t)output, allocator,
                                                    &out->output);
    }
    if (status) {
        api->ReleaseStatus(status);
    }
    return out->input && out->output;
}

bool onnx_session_open(const char *library, const char *model, int output, struct onnx_session *out,
                       struct error *err)
{
    *out = (struct onnx_session){ 0 };
    if (!load_api(library, &out->api, err) || !create_session(model, out, err)) {
        return false;
    }
    if (!read_names(output, out)) {
        return unsuitable(err, model, "it has more than one input, or too few outputs");
    }
    return read_input(out) ||
           unsuitable(err, model, "its input is not of 1 x 3 x height x width floats");
}

/* -- a run ----------------------------------------------------------------------------------- */

/* Returns true for a mask of height x width, with any number of leading dimensions of 1. */
static bool is_mask(const struct onnx_api *api, const struct ort_value *value, int width,
                    int height)
{
    struct ort_tensor_info *info = NULL;
    struct ort_status *status = api->GetTensorTypeAndShape(value, &info);
    int64_t shape[RANK] = { 0 };
    size_t count = 0;
    int element = 0;
    bool good = !status && read_shape(api, info, &element, shape, RANK, &count) &&
                element == ONNX_FLOAT && count >= 2 && shape[count - 1] == width &&
                shape[count - 2] == height;

    for (size_t i = 0; good && i + 2 < count; i++) {
        good = shape[i] == 1;
    }
    if (status) {
        api->ReleaseStatus(status);
    }
    if (info) {
        api->ReleaseTensorTypeAndShapeInfo(info);
    }
    return good;
}

static bool copy_mask(const struct onnx_api *api, struct ort_value *value, int width, int height,
                      float *mask, struct error *err)
{
    int is_tensor = 0;
    void *data = NULL;
    struct ort_status *status = api->IsTensor(value, &is_tensor);

    if (!status && (!is_tensor || !is_mask(api, value, width, height))) {
        return error_set(err, ERROR_OUTPUT, "it does not give a mask of %d x %d floats", width,
                         height);
    }
    status = status ? status : api->GetTensorMutableData(value, &data);
    if (!succeeded(api, status, ERROR_OUTPUT, "its mask cannot be read", err)) {
        return false;
    }
    if (!data) {
        return error_set(err, ERROR_OUTPUT, "its mask is empty");
    }
    memcpy(mask, data, (size_t)width * (size_t)height * sizeof *mask);
    return true;
}

bool onnx_session_run(const struct onnx_session *session, float *planes, int width, int height,
                      float *mask, struct error *err)
{
    const struct onnx_api *api = &session->api;
    const int64_t shape[RANK] = { 1, 3, height, width };
    size_t bytes = (size_t)width * (size_t)height * 3 * sizeof *planes;
    struct ort_memory_info *memory = NULL;
    struct ort_value *input = NULL, *output = NULL;
    struct ort_status *status =
        api->CreateCpuMemoryInfo(ONNX_ARENA_ALLOCATOR, ONNX_MEMORY_DEFAULT, &memory);
    bool good;

    status = status ? status
                    : api->CreateTensorWithDataAsOrtValue(memory, planes, bytes, shape, RANK,
                                                          ONNX_FLOAT, &input);
    if (!status) {
        const char *const inputs[] = { session->input }, *const outputs[] = { session->output };
        const struct ort_value *const values[] = { input };

        status = api->Run(session->session, NULL, inputs, values, 1, outputs, 1, &output);
    }
    good = succeeded(api, status, ERROR_OUTPUT, "it failed", err) &&
           (output || error_set(err, ERROR_OUTPUT, "it gives no mask")) &&
           copy_mask(api, output, width, height, mask, err);
    if (output) {
        api->ReleaseValue(output);
    }
    if (input) {
        api->ReleaseValue(input);
    }
    return good;
}
