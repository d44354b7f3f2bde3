/* test_cmyk.c - JPEG files of four inks, with and without a profile, come out in sRGB. */
#include "lib/colour_photos.h"

static void inks_are_converted_by_their_profile(void **unused)
{
    uint8_t *inks = malloc((size_t)WIDTH * HEIGHT * 4);
    struct blob profile = cmyk_profile();

    (void)unused;
    fill_blocks(inks, 4, true); /* as Photoshop stores them */
    for (int way = 0; way < 2; way++) {
        struct blob file = photo_jpeg_of(inks, WIDTH, HEIGHT, JCS_CMYK, way ? JCS_YCCK : JCS_CMYK);
        struct image image;

        add_profile(&file, &profile, 60000);
        image = decoded(&file, COLOURS_CONVERTED, way ? "YCCK" : "CMYK");
        for (int n = 0; n < COLOURS; n++) {
            int at = (n / ACROSS * BLOCK + BLOCK / 2) * WIDTH + n % ACROSS * BLOCK + BLOCK / 2;
            double in[4], want[3], apart;

            for (int c = 0; c < 4; c++) { /* in percent */
                in[c] = 100 - inks[at * 4 + c] / 2.55;
            }
            reference(&profile, TYPE_CMYK_DBL, in, want);
            apart = difference(image.pixels + at * 3, want);
            if (apart > 2) {
                fail_msg("way %d, inks %.0f %.0f %.0f %.0f: off by %.2f", way, in[0], in[1], in[2],
                         in[3], apart);
            }
        }
        image_free(&image);
        blob_free(&file);
    }
    free(inks);
    blob_free(&profile);
}

/* Without a profile, the colours are those of offset printing: SWOP coated paper, CGATS TR 006. */
static void inks_without_a_profile_are_those_of_offset_printing(void **unused)
{
    static const struct {
        uint8_t inks[4]; /* percent */
        int rgb[3];      /* computed from the measured XYZ of the patch, relative to the paper */
    } all[] = {
        { { 0, 0, 0, 0 }, { 255, 255, 255 } },   { { 100, 0, 0, 0 }, { 0, 160, 228 } },
        { { 0, 100, 0, 0 }, { 230, 10, 128 } },  { { 0, 0, 100, 0 }, { 255, 237, 0 } },
        { { 0, 100, 100, 0 }, { 229, 32, 37 } }, { { 0, 0, 0, 100 }, { 41, 40, 40 } },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (int marked = 0; marked < 2; marked++) {
            uint8_t pixels[16 * 16 * 4];
            struct blob file;
            struct image image;
            struct error err = { 0 };
            uint8_t *adobe;

            for (int p = 0; p < 16 * 16 * 4; p++) {
                uint8_t ink = (uint8_t)(all[i].inks[p % 4] * 255 / 100);

                pixels[p] = marked ? 255 - ink : ink;
            }
            file = photo_jpeg_of(pixels, 16, 16, JCS_CMYK, JCS_CMYK);
            adobe = memmem(file.data, file.size, "Adobe", 5);
            assert_non_null(adobe);
            adobe[0] = marked ? 'A' : 'x';
            if (!image_decode(&file, &seller, &image, NULL, &err)) {
                fail_msg("%s", err.text);
            }
            assert_int_equal(image.colours, COLOURS_ASSUMED);
            for (int c = 0; c < 3; c++) {
                if (abs(image.pixels[c] - all[i].rgb[c]) > 24) {
                    fail_msg("patch %zu, channel %d: %d, not %d", i, c, image.pixels[c],
                             all[i].rgb[c]);
                }
            }
            image_free(&image);
            blob_free(&file);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inks_are_converted_by_their_profile),
        cmocka_unit_test(inks_without_a_profile_are_those_of_offset_printing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
