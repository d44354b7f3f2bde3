/* test_decode_png.c - decoding of every PNG colour type; the fast decoder and libpng agree. */
#include "lib/test_images.h"

#include "image/codec/decode.h"

static bool decode(const struct blob *file, struct image *out)
{
    struct error err = { 0 };
    bool good = image_decode(file, NULL, out, NULL, &err);

    assert_true(good || (err.kind == ERROR_INPUT && err.text[0] != '\0' && !out->pixels));
    return good;
}

/* Returns sample k of a packed row. */
static unsigned sample(const uint8_t *row, size_t k, unsigned depth)
{
    size_t bit = k * depth;

    if (depth == 16) {
        return (unsigned)row[k * 2] << 8 | row[k * 2 + 1];
    }
    return row[bit / 8] >> (8 - depth - bit % 8) & ((1u << depth) - 1);
}

static uint8_t to_8(unsigned value, unsigned depth)
{
    return depth == 16 ? (uint8_t)((value * 255 + 32895) >> 16)
                       : (uint8_t)(value * 255 / ((1u << depth) - 1));
}

enum { W = 13, H = 9 };
static const unsigned samples_of[] = { 1, 0, 3, 1, 2, 0, 4 };

/* Palette entry i is (3i, 5i, 255 - i); the first two have an alpha value. */
static void want(const uint8_t *row, size_t x, unsigned color, unsigned depth, uint8_t out[4])
{
    unsigned n = samples_of[color], s[4] = { 0 };

    for (unsigned c = 0; c < n; c++) {
        s[c] = sample(row, x * n + c, depth);
    }
    if (color == 3) {
        out[0] = (uint8_t)(s[0] * 3);
        out[1] = (uint8_t)(s[0] * 5);
        out[2] = (uint8_t)(255 - s[0]);
        out[3] = s[0] == 0 ? 0 : s[0] == 1 ? 100 : 255;
        return;
    }
    for (unsigned c = 0; c < 3; c++) {
        out[c] = to_8(s[n >= 3 ? c : 0], depth);
    }
    out[3] = n % 2 == 0 ? to_8(s[n - 1], depth) : 255;
}

static void add_palette(struct blob *file, unsigned entries)
{
    uint8_t palette[768];

    for (unsigned i = 0; i < entries; i++) {
        palette[i * 3] = (uint8_t)(i * 3);
        palette[i * 3 + 1] = (uint8_t)(i * 5);
        palette[i * 3 + 2] = (uint8_t)(255 - i);
    }
    png_chunk(file, "PLTE", palette, (size_t)entries * 3);
    png_chunk(file, "tRNS", "\x00\x64", 2);
}

/* Writes unfiltered rows, in Adam7 order if interlaced. */
static void put_rows(struct blob *raw, const uint8_t rows[H][W * 8], unsigned bits, bool adam7)
{
    static const size_t pass[8][4] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 },
                                       { 2, 0, 4, 4 }, { 0, 2, 2, 4 }, { 1, 0, 2, 2 },
                                       { 0, 1, 1, 2 }, { 0, 0, 1, 1 } };

    for (int p = adam7 ? 0 : 7; p < (adam7 ? 7 : 8); p++) {
        for (size_t y = pass[p][1]; y < H; y += pass[p][3]) {
            uint8_t line[1 + W * 8] = { 0 };
            size_t at = 0;

            for (size_t x = pass[p][0]; x < W; x += pass[p][2]) {
                for (size_t b = 0; b < bits; b++, at++) {
                    size_t from = x * bits + b;

                    line[1 + at / 8] |=
                        (uint8_t)((rows[y][from / 8] >> (7 - from % 8) & 1) << (7 - at % 8));
                }
            }
            if (at > 0) {
                put(raw, line, 1 + (at + 7) / 8);
            }
        }
    }
}

static void decodes_colour_type(unsigned color, unsigned depth, bool adam7)
{
    uint64_t state = color * 100 + depth;
    uint8_t rows[H][W * 8];
    struct blob file = { 0 }, raw = { 0 };
    struct image out;

    for (size_t i = 0; i < sizeof rows; i++) {
        rows[i / sizeof *rows][i % sizeof *rows] = (uint8_t)random_below(&state, 256);
    }
    png_open(&file, (struct png_kind){ W, H, (uint8_t)depth, (uint8_t)color, 0, 0, adam7 });
    if (color == 3) {
        add_palette(&file, 1u << depth);
    }
    put_rows(&raw, (const uint8_t(*)[W * 8]) rows, samples_of[color] * depth, adam7);
    png_data(&file, raw.data, raw.size, 50);
    png_chunk(&file, "IEND", NULL, 0);
    assert_true(decode(&file, &out));
    assert_int_equal(out.width, W);
    assert_int_equal(out.height, H);
    assert_int_equal(out.channels, color >= 3 ? 4 : 3);
    for (size_t i = 0; i < (size_t)W * H; i++) {
        uint8_t pixel[4];

        want(rows[i / W], i % W, color, depth, pixel);
        assert_memory_equal(out.pixels + i * (size_t)out.channels, pixel, (size_t)out.channels);
    }
    image_free(&out);
    blob_free(&file);
    blob_free(&raw);
}

static void every_colour_type_is_decoded(void **unused)
{
    static const unsigned depths[7][5] = { { 1, 2, 4, 8, 16 }, { 0 }, { 8, 16 }, { 1, 2, 4, 8 },
                                           { 8, 16 },          { 0 }, { 8, 16 } };

    (void)unused;
    for (unsigned color = 0; color < 7; color++) {
        for (int i = 0; i < 5 && depths[color][i]; i++) {
            decodes_colour_type(color, depths[color][i], false);
            decodes_colour_type(color, depths[color][i], true);
        }
    }
}

static void assert_decoders_agree(const struct image *image, int filter)
{
    struct blob file = png_of(image, filter, 100);
    size_t size = (size_t)image->width * (size_t)image->height * (size_t)image->channels;
    struct image_facts facts;
    struct image fast, slow;
    struct error err;

    assert_true(image_inspect(&file, NULL, &facts, &err));
    assert_true(png_is_plain(&file));
    assert_true(decode_png_plain(&file, &facts, NULL, &fast, &err));
    assert_true(decode_png_any(&file, &facts, NULL, &slow, &err));
    assert_memory_equal(fast.pixels, image->pixels, size);
    assert_memory_equal(slow.pixels, image->pixels, size);
    assert_int_equal(fast.channels, slow.channels);
    image_free(&fast);
    image_free(&slow);
    blob_free(&file);
}

static void fast_decoder_and_libpng_agree(void **unused)
{
    static const int widths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 31, 33, 64, 257 };

    (void)unused;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        for (int i = 0; i < 24; i++) {
            struct image image =
                scene(widths[w], i % 2 ? 7 : 1, i / 2 % 2 ? 3 : 4, i / 12 ? 256 : 9);

            assert_decoders_agree(&image, i / 4 % 6);
            assert_decoders_agree(&image, 5);
            image_free(&image);
        }
    }
}

/* Tests the Paeth filter with 65,536 triples of a, b and c. */
static void paeth_filter_is_exact(void **unused)
{
    struct image image;
    struct error err;

    (void)unused;
    assert_true(image_new(512, 256, 3, &image, &err));
    for (int y = 0; y < 256; y++) {
        for (int x = 0; x < 512 * 3; x++) {
            static const uint8_t steps[] = { 0, 1, 2, 127, 128, 129, 254, 255 };
            uint32_t h = (uint32_t)(y * 1536 + x) * 2654435761u;

            image.pixels[y * 1536 + x] = h >> 31 ? steps[h >> 20 & 7] : (uint8_t)(h >> 10);
        }
    }
    assert_decoders_agree(&image, 4);
    assert_decoders_agree(&image, 3);
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_colour_type_is_decoded),
        cmocka_unit_test(fast_decoder_and_libpng_agree),
        cmocka_unit_test(paeth_filter_is_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
