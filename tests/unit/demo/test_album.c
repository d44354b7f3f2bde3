/* test_album.c - the page and the contact sheet for complete, empty, malformed and hostile records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo/album.h"
#include "demo/record.h"
#include "demo/rejections/record_rejections.h"
#include "image/checks/check_results.h"
#include "image/image.h"
#include "io/file.h"

#define EVIL "</title><script>alert(1)</script>\\\"'&<img src=x onerror=alert(2)>"

static cJSON *record_of(const char *json)
{
    cJSON *record = cJSON_Parse(json);

    assert_non_null(record);
    return record;
}

static char *page_of(const cJSON *record)
{
    struct error err = { 0 };
    struct text page;

    text_begin(&page, 1 << 20);
    if (!album_page(record, &page, &err)) {
        fail_msg("%s", err.text);
    }
    return text_detach(&page);
}

static int count_of(const char *text, const char *what)
{
    int count = 0;

    for (; (text = strstr(text, what)); text++) {
        count++;
    }
    return count;
}

static void markup_in_texts_is_escaped(void **state)
{
    cJSON *record = record_of(
        "{\"project\":{\"productName\":\"" EVIL "\",\"status\":\"" EVIL "\",\"description\":\"" EVIL
        "\"},\"photo\":\"" EVIL "\",\"made\":{\"provider\":\"" EVIL "\",\"imageModel\":\"" EVIL
        "\",\"textModel\":\"" EVIL "\",\"marketplace\":\"" EVIL "\"},\"jobs\":[{\"type\":\"" EVIL
        "\",\"image\":\"" EVIL "\",\"status\":\"failed\",\"message\":\"" EVIL
        "\",\"steps\":{\"" EVIL "\":3},\"calls\":[{\"model\":\"" EVIL "\",\"outcome\":\"" EVIL
        "\"}]}],\"images\":[{\"type\":\"" EVIL "\",\"file\":\"" EVIL
        "\",\"width\":10,\"height\":10,\"metadata\":{\"checks\":[{\"check\":\"" EVIL
        "\",\"message\":\"" EVIL "\"}]}}],\"aplus\":{\"modules\":[{\"type\":\"" EVIL
        "\",\"content\":{\"headline\":\"" EVIL "\",\"bodyText\":\"" EVIL "\",\"bullets\":[\"" EVIL
        "\"],\"sidebar\":[\"" EVIL "\"],\"specifications\":{\"" EVIL "\":\"" EVIL
        "\"},\"imageDescriptions\":[\"" EVIL "\"]}}]},\"sums\":[{\"description\":\"" EVIL
        "\",\"amount\":1}]}");
    char *page = page_of(record);

    (void)state;
    assert_int_equal(count_of(page, "<script"), 0);
    assert_int_equal(count_of(page, "<img src=x"), 0);
    assert_int_equal(count_of(page, "</title>"), 1);
    assert_true(count_of(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;") > 15);
    free(page);
    cJSON_Delete(record);
}

static void rejected_answers_are_shown_with_their_image(void **state)
{
    cJSON *record = record_of(
        "{\"jobs\":[{\"id\":\"a\",\"type\":\"generate-image\",\"image\":\"MAIN_IMAGE\",\"status\":"
        "\"completed\",\"rejections\":[{\"check\":\"marks\",\"message\":\"" EVIL "\",\"file\":"
        "\"rejected_4.jpg\"},{\"message\":\"no "
        "image\"}]},{\"id\":\"b\",\"type\":\"generate-image\","
        "\"image\":\"LIFESTYLE\",\"status\":\"failed\",\"rejections\":[{\"file\":\"" EVIL "\"}]}],"
        "\"images\":[{\"job\":\"a\",\"type\":\"MAIN_IMAGE\",\"file\":\"main.png\",\"width\":9,"
        "\"height\":9},{\"job\":\"x\",\"type\":\"LIFESTYLE\",\"file\":\"y.png\",\"width\":9,"
        "\"height\":9}]}");
    char *page = page_of(record);

    (void)state;
    assert_int_equal(count_of(page, "class=\"rejected\""), 2);
    assert_int_equal(count_of(page, "class=\"rejected\" open"), 1);
    assert_non_null(strstr(page, "2 rejected answers</summary>"));
    assert_int_equal(count_of(page, "href=\"rejected_4.jpg\""), 1);
    assert_int_equal(count_of(page, "<script"), 0);
    free(page);
    cJSON_Delete(record);
}

/* The file is named by the call; the record no longer carries the picture. */
static void pictures_of_rejected_answers_become_files(void **state)
{
    char folder[] = "/tmp/darkroom-rejections-XXXXXX";
    cJSON *record = record_of("{\"jobs\":[{\"rejections\":[{\"call\":7,\"picture\":\"/9j/4A==\"},"
                              "{\"call\":8,\"picture\":null}]},{}]}");
    cJSON *bad = record_of("{\"jobs\":[{\"rejections\":[{\"call\":7,\"picture\":\"?\"}]}]}");
    struct results_folder results;
    struct error err;
    struct blob file;
    char path[200], *text;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(results_folder_open(&results, folder, &err));
    assert_true(record_rejections_export(record, &results, &err));
    text = cJSON_PrintUnformatted(record);
    assert_string_equal(text,
                        "{\"jobs\":[{\"rejections\":[{\"call\":7,\"file\":\"rejected_7.jpg\"},"
                        "{\"call\":8}]},{}]}");
    snprintf(path, sizeof path, "%s/rejected_7.jpg", folder);
    assert_true(file_read(path, 100, &file, NULL, &err));
    assert_int_equal(file.size, 4);
    assert_memory_equal(file.data, "\xff\xd8\xff\xe0", 4);
    assert_false(record_rejections_export(bad, &results, &err));
    results_folder_close(&results);
    assert_true(folder_remove(folder, &err));
    blob_free(&file);
    free(text);
    cJSON_Delete(record);
    cJSON_Delete(bad);
}

static void empty_or_malformed_record_gives_a_page(void **state)
{
    static const char *const records[] = {
        "{}",
        "{\"jobs\":[],\"images\":[],\"sums\":[],\"aplus\":null,\"project\":{}}",
        "{\"jobs\":7,\"images\":\"x\",\"sums\":{},\"aplus\":[],\"project\":[1]}",
        "{\"jobs\":[1,null],\"images\":[\"x\",{}],\"sums\":[[]],\"aplus\":{\"modules\":[3,{}]}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        cJSON *record = record_of(records[i]);
        char *page = page_of(record);

        assert_non_null(strstr(page, "</html>"));
        assert_null(strstr(page, "{{"));
        assert_false(demo_record_complete(record));
        free(page);
        cJSON_Delete(record);
    }
}

static void page_loads_nothing_from_other_hosts(void **state)
{
    cJSON *record = record_of("{}");
    char *page = page_of(record);

    (void)state;
    assert_null(strstr(page, "http://"));
    assert_null(strstr(page, "https://"));
    assert_null(strstr(page, "url("));
    free(page);
    cJSON_Delete(record);
}

#define FAILING                                                                                    \
    "{\"project\":{\"productName\":\"Mug\",\"status\":\"FAILED\"},\"images\":[{\"type\":"          \
    "\"MAIN_IMAGE\",\"file\":\"main_image.png\",\"width\":64,\"height\":64,\"bytes\":1234567,"     \
    "\"metadata\":{\"checks\":[{\"check\":\"fill\",\"passed\":true,\"measured\":0.9,"              \
    "\"message\":\"ninety\"},{\"check\":\"white\",\"passed\":false,\"measured\":3,"                \
    "\"message\":\"grey\"},"                                                                       \
    "{\"check\":\"new_one\",\"passed\":true,\"measured\":0.25}]}}],\"jobs\":[{\"type\":"           \
    "\"generate-image\",\"image\":\"LIFESTYLE\",\"status\":\"failed\",\"message\":\"the model "    \
    "declined\"}]}"

static void failed_checks_and_jobs_are_shown(void **state)
{
    cJSON *record = record_of(FAILING);
    char *page = page_of(record);
    struct check_result lines[CHECK_RESULTS_MAX];

    (void)state;
    assert_int_equal(check_results_read(cJSON_GetObjectItem(record, "images")->child, lines), 3);
    assert_int_equal(check_results_passed(lines, 3), 2);
    assert_string_equal(lines[0].value, "90 %");
    assert_string_equal(lines[1].value, "off by 3");
    assert_string_equal(lines[2].name, "new_one");
    assert_string_equal(lines[2].value, "0.25");
    assert_non_null(strstr(page, "2 of 3 checks passed"));
    assert_non_null(strstr(page, "the model declined"));
    assert_non_null(strstr(page, "1.2 MB"));
    assert_non_null(strstr(page, "<span class=\"status bad\">\xe2\x9c\x97 1 part missing</span>"));
    free(page);
    cJSON_Delete(record);
}

static void contact_sheet_is_a_valid_png(void **state)
{
    char folder[] = "/tmp/dr-album-XXXXXX", path[80];
    cJSON *record = record_of(FAILING), *empty = record_of("{}");
    struct error err = { 0 };
    struct image image;
    struct blob file, sheet;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/main_image.png", folder);
    assert_true(image_new(64, 64, 3, &image, &err));
    memset(image.pixels, 200, 64 * 64 * 3);
    assert_true(image_encode_png(&image, false, &file, &err));
    image_free(&image);
    assert_true(file_write(path, file.data, file.size, &err));
    blob_free(&file);
    if (!album_contact_sheet(record, folder, &sheet, &err)) {
        fail_msg("%s", err.text);
    }
    assert_true(image_decode(&sheet, NULL, &image, NULL, &err));
    assert_int_equal(image.width, 2000);
    assert_true(image.height > 600);
    image_free(&image);
    blob_free(&sheet);
    assert_true(album_contact_sheet(empty, folder, &sheet, &err));
    blob_free(&sheet);
    assert_true(file_remove(path, &err));
    assert_false(
        album_contact_sheet(record, folder, &sheet, &err)); /* the file of its image is missing */
    assert_true(folder_remove(folder, &err));
    cJSON_Delete(record);
    cJSON_Delete(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_in_texts_is_escaped),
        cmocka_unit_test(rejected_answers_are_shown_with_their_image),
        cmocka_unit_test(pictures_of_rejected_answers_become_files),
        cmocka_unit_test(empty_or_malformed_record_gives_a_page),
        cmocka_unit_test(page_loads_nothing_from_other_hosts),
        cmocka_unit_test(failed_checks_and_jobs_are_shown),
        cmocka_unit_test(contact_sheet_is_a_valid_png),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
