/* The hash chain of samples: an unchanged file passes; each kind of change is found at its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/sample_chain.h"

enum { LINES = 5 };

static struct text file;
static char *lines[LINES]; /* each with its newline */
static struct error err;

static int write_file(void **unused)
{
    static const char *const objects[LINES] = { "{\"schema\":2}", "{\"sequence\":0,\"usd\":0.04}",
                                                "{\"sequence\":1,\"usd\":0.05}",
                                                "{\"sequence\":2,\"error\":\",\\\"chain\\\":\"}",
                                                "{\"sequence\":3}" };
    struct sample_chain chain;

    (void)unused;
    sample_chain_begin(&chain);
    text_begin(&file, 10000);
    for (int i = 0; i < LINES; i++) {
        size_t before = file.size;

        sample_chain_add(&chain, objects[i], &file);
        lines[i] = strdup(file.data + before);
    }
    return 0;
}

static int free_file(void **unused)
{
    (void)unused;
    text_end(&file);
    for (int i = 0; i < LINES; i++) {
        free(lines[i]);
    }
    return 0;
}

/* Checks a file of these lines. */
static bool check(const int *order, int count, struct sample_chain *chain)
{
    struct text some;
    bool good;

    text_begin(&some, 10000);
    for (int i = 0; i < count; i++) {
        text_add(&some, lines[order[i]]);
    }
    err = (struct error){ .kind = ERROR_NONE };
    good = sample_chain_check(some.data, some.size, NULL, NULL, chain, &err);
    text_end(&some);
    return good;
}

static void an_unchanged_file_has_its_head(void **unused)
{
    struct sample_chain chain, shorter;

    (void)unused;
    assert_true(check((int[]){ 0, 1, 2, 3, 4 }, 5, &chain));
    assert_int_equal(chain.lines, 5);
    assert_non_null(strstr(lines[4], chain.head));
    assert_true(check((int[]){ 0, 1, 2, 3 }, 4, &shorter)); /* the head in the summary differs */
    assert_string_not_equal(shorter.head, chain.head);
}

static void moved_and_removed_lines_are_found(void **unused)
{
    static const struct {
        int order[6], count;
        const char *where;
    } cases[] = {
        { { 0, 2, 1, 3, 4 }, 5, "line 2 " },    { { 0, 1, 3, 4 }, 4, "line 3 " },
        { { 1, 2, 3, 4 }, 4, "line 1 " },       { { 0, 1, 1, 2, 3, 4 }, 6, "line 3 " },
        { { 0, 1, 2, 3, 4, 1 }, 6, "line 6 " },
    };
    struct sample_chain chain;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(check(cases[i].order, cases[i].count, &chain));
        assert_int_equal(err.kind, ERROR_OUTPUT);
        assert_non_null(strstr(err.text, cases[i].where));
    }
}

static void every_changed_byte_is_found(void **unused)
{
    struct sample_chain chain;

    (void)unused;
    for (size_t i = 0; i < file.size; i++) {
        char *copy = malloc(file.size);

        memcpy(copy, file.data, file.size);
        copy[i] ^= 1;
        assert_false(sample_chain_check(copy, file.size, NULL, NULL, &chain, &err));
        free(copy);
    }
    for (size_t size = 0; size < file.size; size++) { /* cut off: an error, or another head */
        bool good = sample_chain_check(file.data, size, NULL, NULL, &chain, &err);

        assert_true(!good || chain.lines < LINES);
    }
}

static void note_bytes(size_t bytes, void *context)
{
    size_t *checked = context;

    assert_true(bytes > *checked);
    *checked = bytes;
}

static void progress_reaches_the_end_of_the_file(void **unused)
{
    struct sample_chain chain;
    size_t checked = 0;

    (void)unused;
    assert_true(sample_chain_check(file.data, file.size, note_bytes, &checked, &chain, &err));
    assert_int_equal(checked, file.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unchanged_file_has_its_head),
        cmocka_unit_test(moved_and_removed_lines_are_found),
        cmocka_unit_test(every_changed_byte_is_found),
        cmocka_unit_test(progress_reaches_the_end_of_the_file),
    };

    return cmocka_run_group_tests(tests, write_file, free_file);
}
