/* Kept images stay inside their folder for every target name. An image that cannot be kept stays
 * usable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/keep_images.h"
#include "io/file.h"

static char folder[] = "/tmp/dr-keeping.XXXXXX";
static const struct blob image = { .data = (uint8_t *)"bytes", .size = 5 };

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : 1;
}

static int tear_down(void **state)
{
    struct error err;

    (void)state;
    return folder_remove(folder, &err) ? 0 : 1;
}

static void every_name_stays_inside_the_folder(void **state)
{
    static const struct {
        const char *target, *file;
    } rows[] = {
        { "gpt-image-2 1024x1024 low", "images/gpt-image-2-1024x1024-low-7.png" },
        { "../../etc/passwd", "images/etc-passwd-7.png" },
        { "a\"><b>", "images/a-b--7.png" },
        { "\xe5\x9b\xbe", "images/-7.png" },
        { "", "images/-7.png" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample sample = sample_of(7, (struct schedule_entry){ 0 }, false);
        struct blob read;
        struct error err;
        char path[300];

        keep_image(folder, rows[i].target, &image, FORMAT_PNG, &sample);
        assert_string_equal(sample.image, rows[i].file);
        assert_true(sample.store_us >= 0 && !sample.error[0]);
        snprintf(path, sizeof path, "%s/%s", folder, sample.image);
        assert_true(file_read(path, 100, &read, NULL, &err));
        assert_int_equal(read.size, 5);
        blob_free(&read);
    }
}

static void failed_writes_are_recorded(void **state)
{
    struct sample sample = sample_of(7, (struct schedule_entry){ 0 }, false);

    (void)state;
    keep_image("/dev/null", "a", &image, FORMAT_PNG, &sample);
    assert_string_equal(sample.image, "");
    assert_int_equal(sample.store_us, -1);
    assert_int_equal(strncmp(sample.error, "not kept: ", 10), 0);
    assert_int_equal(sample.outcome, OUTCOME_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_stays_inside_the_folder),
        cmocka_unit_test(failed_writes_are_recorded),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
