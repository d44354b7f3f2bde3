/* test_image_finish.c - the model's file is stored unchanged if it meets the rules, and always
 * carries a provenance mark. */
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

struct finished {
    bool good, passthrough, has_c2pa;
    struct blob file;
    struct image_facts facts;
    struct image pixels;
    struct error err;
};

static struct finished finish(const struct blob *came, const struct image_rules *rules)
{
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct finished out = { 0 };
    struct error err;

    assert_non_null(image_job);
    image_job->rules = rules;
    image_job->target_size = rules->keep;
    put(&image_job->result.content, came->data, came->size);
    out.good = image_finish(image_job, &out.err);
    out.passthrough = image_job->passthrough;
    out.has_c2pa = image_job->has_c2pa;
    if (out.good) {
        assert_true(image_decode(&image_job->file, NULL, &out.pixels, &out.facts, &err));
        assert_string_equal(image_job->content_type, format_content_type(out.facts.format));
        assert_true(out.facts.ai_mark);
        assert_int_equal(image_job->stored_size.width, 64);
        assert_int_equal(out.facts.width, 64);
        assert_int_equal(out.facts.height, 48);
    }
    out.file = blob_move(&image_job->file);
    blob_free(&image_job->result.content);
    blob_free(&image_job->rejection_picture);
    free(image_job);
    return out;
}

static void finished_free(struct finished *finished)
{
    blob_free(&finished->file);
    image_free(&finished->pixels);
}

static void assert_only_the_mark_is_added(const struct image *image)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct blob came = png_of(image, 5, 1000);
    struct finished got = finish(&came, &rules);

    assert_true(got.good && got.passthrough);
    assert_in_range(got.file.size, came.size + 300, came.size + 1024);
    assert_memory_equal(got.file.data + got.file.size - 200, came.data + came.size - 200, 200);
    assert_memory_equal(got.pixels.pixels, image->pixels,
                        (size_t)64 * 48 * (size_t)image->channels);
    finished_free(&got);
    blob_free(&came);
}

static void a_missing_mark_is_added(void **unused)
{
    struct image image = scene(64, 48, 3, 90), four = scene(64, 48, 4, 90);

    (void)unused;
    for (int i = 0; i < 64 * 48; i++) {
        four.pixels[i * 4 + 3] = 255;
    }
    assert_only_the_mark_is_added(&image);
    assert_only_the_mark_is_added(&four);
    image_free(&image);
    image_free(&four);
}

/* A file with the model's own mark is stored byte for byte. */
static void an_existing_mark_is_kept(void **unused)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 3, 90);
    struct finished got;
    struct error err;
    struct blob came;

    (void)unused;
    assert_true(image_encode_png(&image, true, &came, &err));
    got = finish(&came, &rules);
    assert_true(got.good && got.passthrough);
    assert_int_equal(got.file.size, came.size);
    assert_memory_equal(got.file.data, came.data, came.size);
    finished_free(&got);
    blob_free(&came);
    image_free(&image);
}

/* A C2PA manifest is kept, and the IPTC mark, which other readers look for, is added. */
static void a_manifest_is_kept_beside_the_mark(void **unused)
{
    static const char manifest[] = "jumb c2pa trainedAlgorithmicMedia";
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 3, 90);
    struct blob plain = png_of(&image, 4, 10000), came = { 0 };
    struct finished got;

    (void)unused;
    put(&came, plain.data, 33);
    png_chunk(&came, "caBX", manifest, sizeof manifest - 1);
    put(&came, plain.data + 33, plain.size - 33);
    got = finish(&came, &rules);
    assert_true(got.good && got.passthrough && got.has_c2pa);
    assert_true(got.facts.c2pa && got.facts.ai_mark);
    assert_non_null(memmem(got.file.data, got.file.size, manifest, sizeof manifest - 1));
    finished_free(&got);
    blob_free(&came);
    blob_free(&plain);
    image_free(&image);
}

/* The file has an XMP packet without a mark, so it is encoded again. */
static void a_foreign_xmp_packet_is_replaced(void **unused)
{
    static const char text[] = "XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>";
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 3, 90);
    struct blob plain = png_of(&image, 4, 10000), came = { 0 };
    struct finished got;

    (void)unused;
    put(&came, plain.data, 33);
    png_chunk(&came, "iTXt", text, sizeof text - 1);
    put(&came, plain.data + 33, plain.size - 33);
    got = finish(&came, &rules);
    assert_true(got.good && !got.passthrough);
    assert_null(memmem(got.file.data, got.file.size, "<x:xmpmeta/>", 12));
    assert_memory_equal(got.pixels.pixels, image.pixels, (size_t)64 * 48 * 3);
    finished_free(&got);
    blob_free(&came);
    blob_free(&plain);
    image_free(&image);
}

static void another_size_or_format_is_encoded_again(void **unused)
{
    struct image_rules png = rules_of("png", 1e6), jpeg = rules_of("jpeg", 1e6);
    struct image larger = scene(90, 50, 3, 90), same = scene(64, 48, 3, 90);
    struct blob large_file = png_of(&larger, 2, 9000), same_file = png_of(&same, 2, 9000);
    struct finished got = finish(&large_file, &png);

    (void)unused;
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_PNG);
    finished_free(&got);
    got = finish(&same_file, &jpeg);
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_JPEG);
    finished_free(&got);
    blob_free(&large_file);
    blob_free(&same_file);
    image_free(&larger);
    image_free(&same);
}

/* A red disc without a background: as a JPEG, the white beside it is still exactly white. */
static void white_of_a_main_image_stays_white_in_a_jpeg(void **unused)
{
    struct image_rules rules = rules_of("jpeg", 1e6);
    struct image disc = scene(64, 48, 4, 1);
    struct finished got;
    struct blob came;

    (void)unused;
    for (int i = 0; i < 64 * 48; i++) {
        int x = i % 64 - 32, y = i / 64 - 24;

        memcpy(disc.pixels + (size_t)i * 4,
               (uint8_t[]){ 220, 10, 30, x * x + y * y <= 400 ? 255 : 0 }, 4);
    }
    came = png_of(&disc, 2, 9000);
    rules.on_white = true;
    rules.fill = 0.9;
    rules.keep_min = rules.keep;
    rules.check_count = 0;
    got = finish(&came, &rules);
    assert_true(got.good);
    assert_int_equal(got.facts.format, FORMAT_JPEG);
    for (int i = 0; i < 64 * 48; i++) {
        int x = i % 64 - 32, y = i / 64 - 24;

        if (x * x + y * y > 23 * 23) { /* its radius is 0.45 of 48 pixels */
            assert_memory_equal(got.pixels.pixels + (size_t)i * 3, "\xff\xff\xff", 3);
        }
    }
    finished_free(&got);
    blob_free(&came);
    image_free(&disc);
}

/* The mark alone makes the file larger than the limit: it becomes a JPEG that fits. */
static void a_file_over_the_limit_becomes_a_jpeg(void **unused)
{
    struct image image = scene(64, 48, 3, 256);
    struct blob came = png_of(&image, 2, 9000);
    struct image_rules rules = rules_of("png", (double)came.size);
    struct finished got = finish(&came, &rules);

    (void)unused;
    assert_true(got.good && !got.passthrough);
    assert_int_equal(got.facts.format, FORMAT_JPEG);
    assert_true(got.file.size <= came.size);
    finished_free(&got);
    blob_free(&came);
    image_free(&image);
}

static void transparent_or_broken_answers_are_rejected(void **unused)
{
    struct image_rules rules = rules_of("png", 1e6);
    struct image image = scene(64, 48, 4, 90);
    struct blob came;
    struct finished got;

    (void)unused;
    memset(image.pixels, 0, 4000);
    came = png_of(&image, 2, 9000);
    got = finish(&came, &rules);
    assert_false(got.good);
    assert_int_equal(got.err.kind, ERROR_OUTPUT);
    finished_free(&got);
    came.data[came.size / 2] ^= 1;
    got = finish(&came, &rules);
    assert_false(got.good);
    assert_int_equal(got.err.kind, ERROR_OUTPUT); /* the model is at fault, not the seller */
    finished_free(&got);
    blob_free(&came);
    image_free(&image);
}

/* The model's answer becomes the picture of a larger image, which has the text. */
static void text_is_typeset_on_the_models_picture(void **unused)
{
    struct image_rules rules = { .keep = { 1024, 1024 }, .format = "png", .layout = "card" };
    struct image image = scene(1024, 1024, 3, 90);
    struct image_job *image_job = calloc(1, sizeof *image_job);
    struct image_facts facts;
    struct image out;
    struct error err;

    (void)unused;
    assert_non_null(image_job);
    image_job->rules = &rules;
    image_job->target_size = rules.keep;
    image_job->layout = layout_for(&rules, INFOGRAPHIC, "", 0);
    image_job->project.brief =
        (struct brief){ .product_name = "Steel bottle",
                        .brand = { .name = "Northwind", .font_family = "" },
                        .features = { { .title = "Carry loop", .description = "", .icon = "" } },
                        .feature_count = 1 };
    assert_true(image_encode_png(&image, true, &image_job->result.content, &err));
    assert_true(image_finish(image_job, &err));
    assert_false(image_job->passthrough);
    assert_int_equal(image_job->composition.text_count, 3);
    assert_true(image_decode(&image_job->file, NULL, &out, &facts, &err));
    assert_int_equal(out.width, 1024);
    assert_true(facts.ai_mark);
    image_free(&out);
    image_free(&image);
    blob_free(&image_job->file);
    blob_free(&image_job->plate.file);
    blob_free(&image_job->result.content);
    free(image_job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_mark_is_added),
        cmocka_unit_test(an_existing_mark_is_kept),
        cmocka_unit_test(a_manifest_is_kept_beside_the_mark),
        cmocka_unit_test(a_foreign_xmp_packet_is_replaced),
        cmocka_unit_test(another_size_or_format_is_encoded_again),
        cmocka_unit_test(white_of_a_main_image_stays_white_in_a_jpeg),
        cmocka_unit_test(a_file_over_the_limit_becomes_a_jpeg),
        cmocka_unit_test(transparent_or_broken_answers_are_rejected),
        cmocka_unit_test(text_is_typeset_on_the_models_picture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
