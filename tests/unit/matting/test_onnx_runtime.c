/* test_onnx_runtime.c - a model in a real ONNX Runtime: of the system, or the one that
 * DARKROOM_ONNXRUNTIME names. Skipped where none is installed. The model's file is written here. */
#include "lib/matting_cases.h"

#include "matting/matting_server.h"

/* Writers of protocol buffers: a field of bytes, a field of a number. */
static size_t put_number(uint8_t *to, uint64_t value)
{
    size_t size = 0;

    do {
        to[size++] = (uint8_t)((value & 127) | (value > 127 ? 128 : 0));
        value >>= 7;
    } while (value > 0);
    return size;
}

struct message {
    uint8_t data[1024];
    size_t size;
};

static void add_bytes(struct message *to, int field, const void *data, size_t size)
{
    to->size += put_number(to->data + to->size, (uint64_t)field << 3 | 2);
    to->size += put_number(to->data + to->size, size);
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void add_text(struct message *to, int field, const char *text)
{
    add_bytes(to, field, text, strlen(text));
}

static void add_message(struct message *to, int field, const struct message *part)
{
    add_bytes(to, field, part->data, part->size);
}

static void add_number(struct message *to, int field, uint64_t value)
{
    to->size += put_number(to->data + to->size, (uint64_t)field << 3);
    to->size += put_number(to->data + to->size, value);
}

/* A ValueInfoProto of floats. */
static struct message value_of(const char *name, int channels)
{
    const int sides[] = { 1, channels, 128, 128 };
    struct message shape = { .size = 0 }, tensor = { .size = 0 }, type = { .size = 0 };
    struct message value = { .size = 0 };

    for (int i = 0; i < 4; i++) {
        struct message dimension = { .size = 0 };

        add_number(&dimension, 1, (uint64_t)sides[i]);
        add_message(&shape, 1, &dimension);
    }
    add_number(&tensor, 1, 1); /* FLOAT */
    add_message(&tensor, 2, &shape);
    add_message(&type, 1, &tensor);
    add_text(&value, 1, name);
    add_message(&value, 2, &type);
    return value;
}

static struct message constant_of(const char *name, const float *values, int count, bool kernel)
{
    struct message tensor = { .size = 0 };
    const int sides[] = { 1, count, 1, 1 };

    for (int i = kernel ? 0 : 3; i < 4; i++) {
        add_number(&tensor, 1, (uint64_t)sides[i]);
    }
    add_number(&tensor, 2, 1); /* FLOAT */
    add_text(&tensor, 8, name);
    add_bytes(&tensor, 9, values, (size_t)count * sizeof *values);
    return tensor;
}

static struct message node_of(const char *op, const char *const *inputs, const char *output)
{
    struct message node = { .size = 0 };

    for (; *inputs; inputs++) {
        add_text(&node, 1, *inputs);
    }
    add_text(&node, 2, output);
    add_text(&node, 4, op);
    return node;
}

/* mask = sigmoid(30 - 40 * (red + green + blue) / 3): pixels darker than 0.75 are product. */
static struct message dark_pixels_model(void)
{
    static const float kernel[] = { -40 / 3.0F, -40 / 3.0F, -40 / 3.0F }, bias[] = { 30 };
    static const char *const conv_inputs[] = { "image", "kernel", "bias", NULL };
    static const char *const sigmoid_inputs[] = { "logit", NULL };
    struct message graph = { .size = 0 }, opset = { .size = 0 }, model = { .size = 0 };
    struct message part = node_of("Conv", conv_inputs, "logit");

    add_message(&graph, 1, &part);
    part = node_of("Sigmoid", sigmoid_inputs, "mask");
    add_message(&graph, 1, &part);
    add_text(&graph, 2, "dark");
    part = constant_of("kernel", kernel, 3, true);
    add_message(&graph, 5, &part);
    part = constant_of("bias", bias, 1, false);
    add_message(&graph, 5, &part);
    part = value_of("image", 3);
    add_message(&graph, 11, &part);
    part = value_of("mask", 1);
    add_message(&graph, 12, &part);
    add_number(&model, 1, 7); /* version of the format */
    add_message(&model, 7, &graph);
    add_number(&opset, 2, 13);
    add_message(&model, 8, &opset);
    return model;
}

static void real_runtime_runs_a_model(void **unused)
{
    struct matting_config config = { .library = getenv("DARKROOM_ONNXRUNTIME") };
    struct message model = dark_pixels_model();
    struct image photo = photo_of(250, 120, 120), cut;
    struct matting_state state;
    struct cut_mask mask;
    struct error err;

    (void)unused;
    write_file("dark.onnx", model.data, model.size);
    write_text("dark.onnx.json", "{\"memory_mb\": 256}");
    config.model = path_in_folder("dark.onnx");
    if (!matting_pool_open(&config, &state, &err)) {
        image_free(&photo);
        if (!config.library && strstr(err.text, "cannot be loaded")) {
            skip(); /* ONNX Runtime is not installed */
        }
        fail_msg("%s", err.text);
    }
    assert_int_equal(state.width, 128);
    expect_mask(&photo, &mask);
    matting_pool_close();
    assert_true(image_cut_out_by_mask(&photo, &mask, &cut, &err));
    assert_true(overlap_with_disc(&cut) >= 0.97);
    cut_mask_free(&mask);
    image_free(&photo);
    image_free(&cut);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(real_runtime_runs_a_model) };

    if (argc > 1 && strcmp(argv[1], MATTING_COMMAND) == 0) {
        return matting_serve(argc - 2, argv + 2);
    }
    if (!mkdtemp(folder)) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
