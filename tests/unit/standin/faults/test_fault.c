/* test_fault.c - the names of faults, their conditions, and their scopes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "standin/faults/fault.h"

static struct faults parse(const char *text)
{
    struct faults faults = { 0 };
    struct error err = { 0 };

    if (!faults_parse(&faults, text, &err)) {
        fail_msg("%s", err.text);
    }
    return faults;
}

/* Returns the kind that strikes a request of this scope. */
static enum fault_kind strike(struct faults *faults, enum fault_scope scope)
{
    uint64_t random = 1;

    return faults_strike(faults, scope, "/v1/images/generations", "a jug", 5, &random).kind;
}

static void write_fault(enum fault_kind kind, const char *rate, char *out, size_t capacity)
{
    snprintf(out, capacity, "%s%s,rate=%s", fault_name(kind),
             kind == FAULT_STATUS  ? "=503"
             : kind == FAULT_AS    ? "=url"
             : kind == FAULT_USAGE ? "=none"
                                   : "",
             rate);
}

static void every_fault_can_be_set_by_name(void **state)
{
    char text[80];

    (void)state;
    for (int kind = FAULT_STATUS; kind < FAULT_KINDS; kind++) {
        struct faults faults;

        assert_true(strlen(fault_name((enum fault_kind)kind)) > 0);
        write_fault((enum fault_kind)kind, "1", text, sizeof text);
        faults = parse(text);
        assert_int_equal(faults.count, 1);
        assert_int_equal(faults.rows[0].kind, kind);
        faults_free(&faults);
    }
}

static void every_fault_strikes_at_rate_1_and_never_at_rate_0(void **state)
{
    char text[80];

    (void)state;
    for (int kind = FAULT_STATUS; kind < FAULT_KINDS; kind++) {
        enum fault_scope scope = kind == FAULT_EXPIRE        ? SCOPE_BATCH
                                 : kind == FAULT_LATE_OUTPUT ? SCOPE_BATCH_STATUS
                                 : kind > FAULT_LATE_OUTPUT  ? SCOPE_RESULT_FILE
                                                             : SCOPE_CALL;
        struct faults faults;

        write_fault((enum fault_kind)kind, "1", text, sizeof text);
        faults = parse(text);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(strike(&faults, scope), kind);
        }
        faults_free(&faults);
        write_fault((enum fault_kind)kind, "0", text, sizeof text);
        faults = parse(text);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(strike(&faults, scope), FAULT_NONE);
        }
        faults_free(&faults);
    }
}

static void error_for_an_unknown_fault_names_every_kind(void **state)
{
    struct faults faults = { 0 };
    struct error err = { 0 };
    char word[40];

    (void)state;
    assert_false(faults_parse(&faults, "explode", &err));
    assert_non_null(strstr(err.text, "'explode'"));
    for (int kind = FAULT_STATUS; kind < FAULT_KINDS; kind++) {
        snprintf(word, sizeof word, " %s%s", fault_name((enum fault_kind)kind),
                 kind == FAULT_STATUS                      ? "=CODE,"
                 : kind == FAULT_AS || kind == FAULT_USAGE ? "=FORM,"
                 : kind == FAULT_KINDS - 1                 ? "."
                                                           : ",");
        if (!strstr(err.text, word)) {
            fail_msg("the error does not name '%s': %s", word, err.text);
        }
    }
    faults_free(&faults);
}

static void faults_strike_only_in_their_scope(void **state)
{
    struct faults expire = parse("expire"), corrupt = parse("corrupt"), drop = parse("drop");

    (void)state;
    assert_int_equal(strike(&expire, SCOPE_CALL), FAULT_NONE);
    assert_int_equal(strike(&expire, SCOPE_TRANSPORT), FAULT_NONE);
    assert_int_equal(strike(&corrupt, SCOPE_TRANSPORT), FAULT_NONE);
    assert_int_equal(strike(&corrupt, SCOPE_BATCH), FAULT_NONE);
    assert_int_equal(strike(&drop, SCOPE_TRANSPORT), FAULT_DROP);
    assert_int_equal(strike(&drop, SCOPE_BATCH), FAULT_NONE);
    faults_free(&expire);
    faults_free(&corrupt);
    faults_free(&drop);
}

/* A form strikes the requests whose answers have it, so that count=1 is not spent on another. */
static void forms_strike_answers_that_have_them(void **state)
{
    static const struct {
        const char *fault, *path;
        bool strikes;
    } cases[] = {
        { "as=url", "/v1/images/edits", true },
        { "as=url", "/v1/responses", false },
        { "as=commentary", "/v1/responses", true },
        { "as=commentary", "/v1/images/edits", false },
        { "as=flat-error", "/v1/responses", true },
        { "as=flat-error", "/storage/v1/object/a", false },
        { "usage=none", "/v1/chat/completions", true },
        { "usage=none", "/v1/models", false },
        { "model_gone", "/v1/models/x", true },
        { "model_gone", "/storage/v1/object/a", false },
        { "retry-after=3600", "/storage/v1/object/a", true },
    };
    uint64_t random = 1;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct faults faults = parse(cases[i].fault);
        struct fault struck = faults_strike(&faults, SCOPE_CALL, cases[i].path, NULL, 0, &random);

        if ((struck.kind != FAULT_NONE) != cases[i].strikes) {
            fail_msg("%s on %s", cases[i].fault, cases[i].path);
        }
        faults_free(&faults);
    }
}

static void forms_and_their_mistakes_are_named(void **state)
{
    struct faults faults = parse("status=429,as=flat-error;retry-after=3600;usage=absurd");
    struct error err = { 0 };

    (void)state;
    assert_int_equal(faults.rows[0].kind, FAULT_STATUS);
    assert_int_equal(faults.rows[0].form, FORM_FLAT_ERROR);
    assert_int_equal(faults.rows[1].status, 503);
    assert_int_equal(faults.rows[1].retry_after, 3600);
    assert_int_equal(faults.rows[2].usage, USAGE_ABSURD);
    assert_false(faults_parse(&faults, "as=paper", &err));
    assert_non_null(strstr(err.text, "as=paper"));
    assert_non_null(strstr(err.hint, "data-url"));
    assert_false(faults_parse(&faults, "as", &err));
    faults_free(&faults);
}

static void conditions_select_requests(void **state)
{
    struct faults faults = parse("after=2,every=3,count=2,match=jug,drop");
    int struck = 0;

    (void)state;
    for (int i = 1; i <= 20; i++) {
        bool strikes = strike(&faults, SCOPE_CALL) == FAULT_DROP;

        assert_int_equal(strikes, i == 5 || i == 8);
        struck += strikes;
    }
    assert_int_equal(struck, 2);
    faults_free(&faults);
    faults = parse("match=chair,drop");
    assert_int_equal(strike(&faults, SCOPE_CALL), FAULT_NONE);
    faults_free(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_can_be_set_by_name),
        cmocka_unit_test(every_fault_strikes_at_rate_1_and_never_at_rate_0),
        cmocka_unit_test(error_for_an_unknown_fault_names_every_kind),
        cmocka_unit_test(faults_strike_only_in_their_scope),
        cmocka_unit_test(forms_strike_answers_that_have_them),
        cmocka_unit_test(forms_and_their_mistakes_are_named),
        cmocka_unit_test(conditions_select_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
