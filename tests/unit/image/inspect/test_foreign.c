/* test_foreign.c - files that are no photo are recognized by their first bytes, whatever their name
 * was, and the error says what they are. */
#include "lib/test_images.h"

#include <stdio.h>

#include "image/inspect/foreign.h"

/* TIFF structures of cameras: a directory with two entries, then the maker's name. */
#define NIKON_TIFF                                                                                 \
    "MM\0\x2a\0\0\0\x08\0\2\x01\x0f\0\2\0\0\0\x12\0\0\0\x26\x01\x4a\0\4\0\0\0\1\0\0\1\0\0\0\0\0"   \
    "NIKON CORPORATION\0"
#define SONY_TIFF                                                                                  \
    "II\x2a\0\x08\0\0\0\2\0\x0f\x01\2\0\5\0\0\0\x26\0\0\0\x4a\x01\4\0\1\0\0\0\0\1\0\0\0\0\0\0SONY" \
    "\0"
#define DNG_TIFF                                                                                   \
    "II\x2a\0\x08\0\0\0\2\0\x0f\x01\2\0\6\0\0\0\x26\0\0\0\x12\xc6\1\0\4\0\0\0\1\4\0\0\0\0\0\0Appl" \
    "e\0"
#define PLAIN_TIFF "II\x2a\0\x08\0\0\0\1\0\x0f\x01\2\0\6\0\0\0\x1a\0\0\0\0\0\0\0Canon\0"

#define BYTES(text) (text), sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t size;
    const char *name;
} all[] = {
    { BYTES(""), "an empty file" },
    { BYTES(DNG_TIFF), "a RAW file (DNG)" },
    { BYTES(NIKON_TIFF), "a RAW file (Nikon NEF)" },
    { BYTES(SONY_TIFF), "a RAW file (Sony ARW)" },
    { BYTES("II\x2a\0\x10\0\0\0CR\2\0\0\0\0\0\0\0\0\0\0\0"), "a RAW file (Canon CR2)" },
    { BYTES("\0\0\0\x18"
            "ftypcrx \0\0\0\1crx isom"),
      "a RAW file (Canon CR3)" },
    { BYTES("FUJIFILMCCD-RAW 0201FF383501"), "a RAW file (Fujifilm RAF)" },
    { BYTES("IIRO\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "a RAW file (Olympus ORF)" },
    { BYTES("IIU\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "a RAW file (Panasonic RW2)" },
    { BYTES("\0\0\0\x14"
            "ftypqt  \0\0\0\0qt  "),
      "a video (MOV)" },
    { BYTES("\0\0\0\x08"
            "wide\0\0\0\0mdat"),
      "a video (MOV)" },
    { BYTES("\0\0\0\x18"
            "ftypmp42\0\0\0\0mp42isom"),
      "a video (MP4)" },
    { BYTES("\0\0\0\x18"
            "ftypisom\0\0\2\0isomiso2"),
      "a video (MP4)" },
    { BYTES("\0\0\0\x18"
            "ftyp3gp4\0\0\2\0isomiso2"),
      "a video (3GP)" },
    { BYTES("RIFF\0\1\0\0AVI LIST"), "a video (AVI)" },
    { BYTES("\x1a\x45\xdf\xa3\x9f\x42\x86\x81"), "a video (WebM or MKV)" },
    { BYTES("%PDF-1.7\n%\xe2\xe3"), "a PDF document" },
    { BYTES("%!PS-Adobe-3.0 EPSF-3.0\n"), "an EPS drawing" },
    { BYTES("8BPS\0\1\0\0\0\0\0\0"), "a Photoshop file (PSD)" },
    { BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "a drawing (SVG)" },
    { BYTES("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n<svg/>"), "a drawing (SVG)" },
    { BYTES("\n <!DOCTYPE HTML><html><body>404"), "a web page (HTML)" },
    { BYTES("<!-- x --><HTML>"), "a web page (HTML)" },
    { BYTES("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code>"), "a text file (XML)" },
    { BYTES("{\"statusCode\":\"404\"}"), "a text file" },
    { BYTES("\0\0\1\0\1\0\x10\x10\0\0"), "an icon (ICO)" },
    { BYTES("\0\0\0\x0cJXL \r\n\x87\n"), "a JPEG XL picture" },
    { BYTES("\xff\x0a\x10\x20"), "a JPEG XL picture" },
    { BYTES("\0\0\0\x0cjP  \r\n\x87\n"), "a JP2 picture" },
    { BYTES("PK\x03\x04\x14\0\0\0\0\0"), "a ZIP archive" },
    { BYTES("PK\3\4\x14\0\6\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml"),
      "an Office document" },
    { BYTES("7z\xbc\xaf\x27\x1c\0\4"), "a 7z archive" },
};

static void each_kind_of_file_is_named(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (int padded = 0; padded < 2; padded++) {
            const struct image_bounds seller = { .from_seller = true };
            struct blob file = { 0 };
            struct image_facts facts;
            struct error err = { 0 };
            char want[100];

            put(&file, all[i].bytes, all[i].size);
            for (int n = 0; padded && all[i].size > 0 && n < 2000; n++) {
                put(&file, "", 1);
            }
            assert_false(image_inspect(&file, &seller, &facts, &err));
            snprintf(want, sizeof want, "the file is %s", all[i].name);
            assert_string_equal(err.text, want);
            assert_int_equal(err.kind, ERROR_INPUT);
            assert_int_equal(err.cause, IMAGE_FOREIGN + (int)foreign_find(&file));
            blob_free(&file);
        }
    }
}

/* A TIFF file of a model's answer is named; as a photo it is read (test_decode_tiff.c). */
static void a_tiff_file_is_no_raw_file(void **unused)
{
    struct blob file = blob_view(PLAIN_TIFF, sizeof PLAIN_TIFF - 1);
    struct image_facts facts;
    struct error err;

    (void)unused;
    assert_int_equal(foreign_find(&file), FOREIGN_tiff);
    assert_false(image_inspect(&file, NULL, &facts, &err));
    assert_string_equal(err.text, "the file is a TIFF picture");
}

static void unknown_bytes_are_not_named(void **unused)
{
    uint64_t state = 7;

    (void)unused;
    for (int round = 0; round < 2000; round++) { /* any cut of any kind stays within its bytes */
        size_t size = 1 + random_below(&state, 60), from = round % (sizeof all / sizeof *all);
        uint8_t *bytes = malloc(size);
        struct blob file = blob_from_malloc(bytes, size);

        for (size_t i = 0; i < size; i++) {
            bytes[i] = i < all[from].size && random_below(&state, 20) > 0
                           ? (uint8_t)all[from].bytes[i]
                           : (uint8_t)random_below(&state, 256);
        }
        assert_in_range(foreign_find(&file), FOREIGN_UNKNOWN, FOREIGN_FORMATS - 1);
        blob_free(&file);
    }
    assert_int_equal(foreign_find(&(struct blob){ (uint8_t *)"not an image", 12, NULL }),
                     FOREIGN_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_file_is_named),
        cmocka_unit_test(a_tiff_file_is_no_raw_file),
        cmocka_unit_test(unknown_bytes_are_not_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
