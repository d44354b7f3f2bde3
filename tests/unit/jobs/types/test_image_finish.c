/* From what the model sent to what is stored: as it came where nothing need change, and never
 * without a mark of its origin. */
#include "lib/test_images.h"

#include "jobs/types/image_job.h"

static struct image_rules rules_of(const char *format, double most_bytes)
{
    return (struct image_rules){
        .keep = { 64, 48 },
        .format = format,
        .checks = { { .check = "dimensions", .limits = { 10, 10000 } },
                    { .check = "alpha" },
                    { .check = "file_size", .limits = { most_bytes } } },
        .check_count = 3,
    };
}

struct developed {
    bool good, passthrough;
    struct blob file;
    struct image_facts facts;
    struct image pixels;
    struct error err;
};

static struct developed develop(const struct blob *came, const struct image_rules *rules)
{
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct developed out = { 0 };
    struct error err;

    assert_non_null(image_job);
    image_job->rules = rules;
    image_job->target_size = rules->keep;
    put(&image_job->result.content, came->data, came->size);
    out.good = image_finish(image_job, &out.err);
    out.passthrough = image_job->passthrough;
    if (out.good) {
        assert_true(image_decode(&image_job->file, NULL, &out.pixels, &out.facts, &err));
        assert_string_equal(image_job->content_type, format_content_type(out.facts.format));
        assert_true(out.facts.provenance);
        assert_int_equal(image_job->stored_size.width, 64);
        assert_int_equal(out.facts.width, 64);
        assert_int_equal(out.facts.height, 48);
    }
    out.file = blob_move(&image_job->file);
    blob_free(&image_job->result.content);
    free(image_job);
    return out;
}

static void developed_free(struct developed *developed)
{
    blob_free(&developed->file);
    image_free(&developed->pixels);
}

static void stays_but_for_the_mark(const struct image *image)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct blob came = png_of(image, 5, 1000);
    struct developed got = develop(&came, &rules);

    assert_true(got.good && got.passthrough);
    assert_in_range(got.file.size, came.size + 300, came.size + 1024);
    assert_memory_equal(got.file.data + got.file.size - 200, came.data + came.size - 200, 200);
    assert_memory_equal(got.pixels.pixels, image->pixels,
                        (size_t)64 * 48 * (size_t)image->channels);
    developed_free(&got);
    blob_free(&came);
}

static void without_a_mark(void **unused)
{
    struct image image = scene(64, 48, 3, 90), four = scene(64, 48, 4, 90);

    (void)unused;
    for (int i = 0; i < 64 * 48; i++) {
        four.pixels[i * 4 + 3] = 255;
    }
    stays_but_for_the_mark(&image);
    stays_but_for_the_mark(&four);
    image_free(&image);
    image_free(&four);
}

/* Its maker's own mark: not a byte is touched. */
static void with_a_mark(void **unused)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 3, 90);
    struct developed got;
    struct error err;
    struct blob came;

    (void)unused;
    assert_true(image_encode_png(&image, true, &came, &err));
    got = develop(&came, &rules);
    assert_true(got.good && got.passthrough);
    assert_int_equal(got.file.size, came.size);
    assert_memory_equal(got.file.data, came.data, came.size);
    developed_free(&got);
    blob_free(&came);
    image_free(&image);
}

/* The room for the mark is taken by a packet that says something else: it is written anew. */
static void with_a_packet_of_another_kind(void **unused)
{
    static const char text[] = "XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>";
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 3, 90);
    struct blob plain = png_of(&image, 4, 10000), came = { 0 };
    struct developed got;

    (void)unused;
    put(&came, plain.data, 33);
    png_chunk(&came, "iTXt", text, sizeof text - 1);
    put(&came, plain.data + 33, plain.size - 33);
    got = develop(&came, &rules);
    assert_true(got.good && !got.passthrough);
    assert_null(memmem(got.file.data, got.file.size, "<x:xmpmeta/>", 12));
    assert_memory_equal(got.pixels.pixels, image.pixels, (size_t)64 * 48 * 3);
    developed_free(&got);
    blob_free(&came);
    blob_free(&plain);
    image_free(&image);
}

static void another_size_or_format_is_derived(void **unused)
{
    struct image_rules png = rules_of("png", 1e6), jpeg = rules_of("jpeg", 1e6);
    struct image larger = scene(90, 50, 3, 90), same = scene(64, 48, 3, 90);
    struct blob large_file = png_of(&larger, 2, 9000), same_file = png_of(&same, 2, 9000);
    struct developed got = develop(&large_file, &png);

    (void)unused;
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_PNG);
    developed_free(&got);
    got = develop(&same_file, &jpeg);
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_JPEG);
    developed_free(&got);
    blob_free(&large_file);
    blob_free(&same_file);
    image_free(&larger);
    image_free(&same);
}

/* Larger than the marketplace takes, by the mark alone: it becomes a JPEG that fits. */
static void too_large_with_the_mark(void **unused)
{
    struct image image = scene(64, 48, 3, 256);
    struct blob came = png_of(&image, 2, 9000);
    struct image_rules rules = rules_of("png", (double)came.size);
    struct developed got = develop(&came, &rules);

    (void)unused;
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_JPEG);
    assert_true(got.file.size <= came.size);
    developed_free(&got);
    blob_free(&came);
    image_free(&image);
}

static void holes_and_breakage(void **unused)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 4, 90);
    struct blob came;
    struct developed got;

    (void)unused;
    memset(image.pixels, 0, 4000);
    came = png_of(&image, 2, 9000);
    got = develop(&came, &rules);
    assert_false(got.good);
    assert_int_equal(got.err.kind, ERROR_OUTPUT);
    developed_free(&got);
    came.data[came.size / 2] ^= 1;
    got = develop(&came, &rules);
    assert_false(got.good);
    assert_int_equal(got.err.kind, ERROR_OUTPUT); /* it was the model that sent it */
    developed_free(&got);
    blob_free(&came);
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_mark),
        cmocka_unit_test(with_a_mark),
        cmocka_unit_test(with_a_packet_of_another_kind),
        cmocka_unit_test(another_size_or_format_is_derived),
        cmocka_unit_test(too_large_with_the_mark),
        cmocka_unit_test(holes_and_breakage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
