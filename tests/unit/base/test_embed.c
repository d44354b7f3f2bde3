/* test_embed.c - embedded files equal those of the source tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

static void table_is_sorted_and_ends_with_null(void **state)
{
    size_t count = 0;

    (void)state;
    for (const struct embedded *file = embedded_files; file->name; file++, count++) {
        assert_int_equal(file->data[file->size], 0);
        assert_true(count == 0 || strcmp(file[-1].name, file->name) < 0);
        assert_ptr_equal(embed_find(file->name), file);
    }
    assert_true(count > 0);
    assert_null(embed_find("sql/none.sql"));
    assert_null(embed_find(""));
}

static void content_equals_the_file(void **state)
{
    const struct embedded *file = embed_find("assets/models.json");
    const char *top = getenv("DARKROOM_SOURCE");
    char path[1024];
    unsigned char *bytes;
    FILE *from;

    (void)state;
    assert_non_null(file);
    assert_non_null(top);
    snprintf(path, sizeof path, "%s/assets/models.json", top);
    from = fopen(path, "rb");
    assert_non_null(from);
    bytes = malloc(file->size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, file->size + 1, from), file->size);
    assert_memory_equal(bytes, file->data, file->size);
    free(bytes);
    fclose(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sorted_and_ends_with_null),
        cmocka_unit_test(content_equals_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
