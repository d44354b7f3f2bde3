/* fake_onnxruntime.c - a library with the part of ONNX Runtime's C API that darkroom uses, for
 * tests on machines without ONNX Runtime. The first word of the "model" file says what it does:
 *
 *   outline          1 where a pixel differs from the one at the top left, in the middle plane
 *   upper-half       the same, in the upper half only
 *   left-half        1 in the left half of the image
 *   everything       1 everywhere
 *   fades            0.5 where outline gives 1
 *   refuse           the model cannot be loaded
 *   crash-at-load    loading it ends the process
 *   two-inputs, byte-input, flat-input        a model of another form
 *   wrong-size, wrong-type, no-tensor, no-output, no-numbers, error   a run that goes wrong
 *   crash, loop, greedy                       a run that ends its process
 *   crash-on-photo   outline, but a run on an image of more than one colour crashes
 *   spy              fails unless the process can neither open a file nor start a process */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "matting/onnx_api.h"

enum { SIDE = 128, BYTE_TYPE = 2 };

struct ort_status {
    const char *message;
};
struct ort_env {
    int unused;
};
struct ort_options {
    int intra, inter;
};
struct ort_session {
    char behaviour[32];
};
struct ort_allocator {
    int unused;
};
struct ort_memory_info {
    int unused;
};
struct ort_tensor_info {
    int element;
    int64_t shape[4];
    size_t count;
};
struct ort_type {
    struct ort_tensor_info info;
};
struct ort_value {
    struct ort_tensor_info info;
    float *data;
    int owned, is_tensor;
};

static struct ort_status *fail(const char *message)
{
    struct ort_status *status = calloc(1, sizeof *status);

    status->message = message;
    return status;
}

static const char *get_error_message(const struct ort_status *status)
{
    return status->message;
}

static struct ort_status *create_env(int level, const char *id, struct ort_env **out)
{
    *out = level >= 0 && id ? calloc(1, sizeof **out) : NULL;
    return NULL;
}

static struct ort_status *create_options(struct ort_options **out)
{
    *out = calloc(1, sizeof **out);
    return NULL;
}

static struct ort_status *set_intra(struct ort_options *options, int threads)
{
    options->intra = threads;
    return NULL;
}

static struct ort_status *set_inter(struct ort_options *options, int threads)
{
    options->inter = threads;
    return NULL;
}

static struct ort_status *disable_arena(struct ort_options *options)
{
    (void)options;
    return NULL;
}

static struct ort_status *create_session(const struct ort_env *env, const char *path,
                                         const struct ort_options *options,
                                         struct ort_session **out)
{
    FILE *file = fopen(path, "re");
    struct ort_session *session = calloc(1, sizeof *session);
    int read = file ? fscanf(file, "%31s", session->behaviour) : 0;

    (void)env;
    if (file) {
        fclose(file);
    }
    if (read == 1 && strcmp(session->behaviour, "crash-at-load") == 0) {
        abort();
    }
    if (read != 1 || strcmp(session->behaviour, "refuse") == 0) {
        free(session);
        return fail("Protobuf parsing failed.");
    }
    if (options->intra != 1 || options->inter != 1) {
        free(session);
        return fail("A session with threads cannot be used after a fork.");
    }
    *out = session;
    return NULL;
}

static int behaves(const struct ort_session *session, const char *behaviour)
{
    return strcmp(session->behaviour, behaviour) == 0;
}

static struct ort_status *input_count(const struct ort_session *session, size_t *out)
{
    *out = behaves(session, "two-inputs") ? 2 : 1;
    return NULL;
}

static struct ort_status *output_count(const struct ort_session *session, size_t *out)
{
    (void)session;
    *out = 1;
    return NULL;
}

static struct ort_status *input_type(const struct ort_session *session, size_t index,
                                     struct ort_type **out)
{
    static const int64_t shape[4] = { -1, 3, SIDE, SIDE };

    (void)index;
    *out = calloc(1, sizeof **out);
    (*out)->info.element = behaves(session, "byte-input") ? BYTE_TYPE : ONNX_FLOAT;
    (*out)->info.count = behaves(session, "flat-input") ? 2 : 4;
    memcpy((*out)->info.shape, shape, sizeof shape);
    return NULL;
}

static struct ort_status *name(const struct ort_session *session, size_t index,
                               struct ort_allocator *allocator, char **out)
{
    (void)session;
    (void)index;
    (void)allocator;
    *out = strdup("x");
    return NULL;
}

static struct ort_status *create_tensor(const struct ort_memory_info *memory, void *data,
                                        size_t bytes, const int64_t *shape, size_t count,
                                        int element, struct ort_value **out)
{
    struct ort_value *value = calloc(1, sizeof *value);

    (void)memory;
    if (count != 4 || bytes != (size_t)(shape[0] * shape[1] * shape[2] * shape[3]) * 4) {
        free(value);
        return fail("The size of the data is not that of the shape.");
    }
    memcpy(value->info.shape, shape, count * sizeof *shape);
    value->info.count = count;
    value->info.element = element;
    value->data = data;
    value->is_tensor = 1;
    *out = value;
    return NULL;
}

/* -- runs -------------------------------------------------------------------------------------- */

static float largest_difference(const float *plane)
{
    float most = 0;

    for (int i = 0; i < SIDE * SIDE; i++) {
        most = fmaxf(most, fabsf(plane[i] - plane[0]));
    }
    return most;
}

static float least_difference; /* from the pixel at the top left: more is product */

static float outline_at(const float *plane, int x, int y)
{
    return fabsf(plane[y * SIDE + x] - plane[0]) > least_difference;
}

static float mask_at(const struct ort_session *session, const float *plane, int x, int y)
{
    if (behaves(session, "left-half")) {
        return x < SIDE / 2;
    }
    if (behaves(session, "everything")) {
        return 1;
    }
    if (behaves(session, "no-numbers")) {
        return NAN;
    }
    if (behaves(session, "upper-half")) {
        return y < SIDE / 2 ? outline_at(plane, x, y) : 0;
    }
    return behaves(session, "fades") ? 0.5F * outline_at(plane, x, y) : outline_at(plane, x, y);
}

static volatile int spinning = 1;

/* Does what ends or blocks the process. */
static struct ort_status *misbehave(const struct ort_session *session, const float *plane)
{
    if (behaves(session, "crash") ||
        (behaves(session, "crash-on-photo") && largest_difference(plane) > 0.008F)) {
        abort();
    }
    while (behaves(session, "loop") && spinning) {
    }
    if (behaves(session, "greedy") && !malloc((size_t)512 << 20)) {
        return fail("Failed to allocate memory.");
    }
    if (behaves(session, "spy") &&
        (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 || fork() >= 0)) {
        return fail("The process is not restricted.");
    }
    return behaves(session, "error") ? fail("Non-zero status code returned.") : NULL;
}

static struct ort_status *run(struct ort_session *session, const void *options,
                              const char *const *input_names, const struct ort_value *const *inputs,
                              size_t input_count_, const char *const *output_names,
                              size_t output_count_, struct ort_value **outputs)
{
    const float *plane = inputs[0]->data + SIDE * SIDE;
    struct ort_status *status = misbehave(session, plane);
    struct ort_value *mask;

    (void)options;
    if (status || input_count_ != 1 || output_count_ != 1 || strcmp(input_names[0], "x") != 0 ||
        strcmp(output_names[0], "x") != 0) {
        return status ? status : fail("Invalid names.");
    }
    if (behaves(session, "no-output")) {
        return NULL;
    }
    mask = calloc(1, sizeof *mask);
    mask->info = (struct ort_tensor_info){ .element = behaves(session, "wrong-type") ? BYTE_TYPE
                                                                                     : ONNX_FLOAT,
                                           .shape = { 1, 1, SIDE, SIDE },
                                           .count = 4 };
    mask->info.shape[3] = behaves(session, "wrong-size") ? SIDE * 1000 : SIDE;
    mask->is_tensor = !behaves(session, "no-tensor");
    mask->owned = 1;
    mask->data = calloc((size_t)SIDE * SIDE, sizeof *mask->data);
    /* Scaling leaves faint rings around an edge, which must not count. */
    least_difference = fmaxf(0.008F, largest_difference(plane) / 2);
    for (int i = 0; i < SIDE * SIDE; i++) {
        mask->data[i] = mask_at(session, plane, i % SIDE, i / SIDE);
    }
    outputs[0] = mask;
    return NULL;
}

/* -- values ------------------------------------------------------------------------------------ */

static struct ort_status *is_tensor(const struct ort_value *value, int *out)
{
    *out = value->is_tensor;
    return NULL;
}

static struct ort_status *get_data(struct ort_value *value, void **out)
{
    *out = value->data;
    return NULL;
}

static struct ort_status *cast_type(const struct ort_type *type, const struct ort_tensor_info **out)
{
    *out = &type->info;
    return NULL;
}

static struct ort_status *get_element(const struct ort_tensor_info *info, int *out)
{
    *out = info->element;
    return NULL;
}

static struct ort_status *get_count(const struct ort_tensor_info *info, size_t *out)
{
    *out = info->count;
    return NULL;
}

static struct ort_status *get_dimensions(const struct ort_tensor_info *info, int64_t *out,
                                         size_t count)
{
    memcpy(out, info->shape, count * sizeof *out);
    return NULL;
}

static struct ort_status *get_shape(const struct ort_value *value, struct ort_tensor_info **out)
{
    *out = calloc(1, sizeof **out);
    **out = value->info;
    return NULL;
}

static struct ort_status *create_memory(int allocator, int memory, struct ort_memory_info **out)
{
    *out = allocator >= 0 && memory >= 0 ? calloc(1, sizeof **out) : NULL;
    return NULL;
}

static struct ort_status *get_allocator(struct ort_allocator **out)
{
    static struct ort_allocator only;

    *out = &only;
    return NULL;
}

static void release(void *any)
{
    free(any);
}

static void release_value(struct ort_value *value)
{
    if (value->owned) {
        free(value->data);
    }
    free(value);
}

/* -- the table --------------------------------------------------------------------------------- */

static onnx_function table[ONNX_API_FUNCTIONS];

static const onnx_function *get_api(uint32_t version)
{
    return version == 1 ? table : NULL;
}

static const char *get_version(void)
{
    return "0 (fake)";
}

const struct onnx_api_base *OrtGetApiBase(void);

__attribute__((visibility("default"))) const struct onnx_api_base *OrtGetApiBase(void)
{
    static const struct onnx_api_base base = { get_api, get_version };

    table[2] = (onnx_function)get_error_message;
    table[3] = (onnx_function)create_env;
    table[7] = (onnx_function)create_session;
    table[9] = (onnx_function)run;
    table[10] = (onnx_function)create_options;
    table[19] = (onnx_function)disable_arena;
    table[24] = (onnx_function)set_intra;
    table[25] = (onnx_function)set_inter;
    table[30] = (onnx_function)input_count;
    table[31] = (onnx_function)output_count;
    table[33] = (onnx_function)input_type;
    table[36] = table[37] = (onnx_function)name;
    table[49] = (onnx_function)create_tensor;
    table[50] = (onnx_function)is_tensor;
    table[51] = (onnx_function)get_data;
    table[55] = (onnx_function)cast_type;
    table[60] = (onnx_function)get_element;
    table[61] = (onnx_function)get_count;
    table[62] = (onnx_function)get_dimensions;
    table[65] = (onnx_function)get_shape;
    table[69] = (onnx_function)create_memory;
    table[78] = (onnx_function)get_allocator;
    table[93] = table[98] = table[99] = (onnx_function)release;
    table[96] = (onnx_function)release_value;
    return &base;
}
