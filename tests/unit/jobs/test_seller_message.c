/* test_seller_message.c - every error has a sentence for sellers and an advice for the message of a
 * pack, without technical terms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include "image/checks/check.h"
#include "image/image.h"
#include "image/inspect/foreign.h"
#include "jobs/seller_advice.h"
#include "jobs/seller_message.h"

/* Finds `word` in `text` as a whole word, in any case. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; (at = strcasestr(at, word)) != NULL; at++) {
        bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
        bool ends = !(isalnum((unsigned char)at[length]) || at[length] == '_');

        if (begins && ends) {
            return true;
        }
    }
    return false;
}

static bool has_status_code(const char *text)
{
    for (; *text; text++) {
        if (strchr("12345", *text) && isdigit((unsigned char)text[1]) &&
            isdigit((unsigned char)text[2])) {
            return true;
        }
    }
    return false;
}

static void assert_speaks_to_sellers(const char *text)
{
    static const char *const technical[] = {
        "http",     "https",    "json",    "parameter",  "api",      "url",       "model",
        "payload",  "provider", "request", "token",      "retry",    "timeout",   "null",
        "invalid",  "status",   "server",  "openai",     "gpt",      "key",       "quota",
        "database", "uuid",     "worker",  "queue",      "pixel",    "pixels",    "ocr",
        "mask",     "alpha",    "ratio",   "resolution", "metadata", "threshold", "parser",
        "bytes",    "job",      "sql",     "exception",  "error",    "prompt",    "crop",
        "bucket"
    };

    assert_non_null(text);
    assert_in_range(strlen(text), 20, 240);
    assert_true(isupper((unsigned char)text[0]));
    assert_int_equal(text[strlen(text) - 1], '.');
    assert_null(strstr(text, "://"));
    assert_null(strchr(text, '_'));
    assert_false(has_status_code(text));
    for (size_t i = 0; i < sizeof technical / sizeof *technical; i++) {
        if (has_word(text, technical[i])) {
            fail_msg("'%s' in: %s", technical[i], text);
        }
    }
}

static void assert_names_no_check(const char *text)
{
    for (int i = 0; checks[i]; i++) {
        if (has_word(text, checks[i]->name)) {
            fail_msg("the check '%s' in: %s", checks[i]->name, text);
        }
    }
}

static void every_error_kind_has_a_sentence(void **state)
{
    (void)state;
    for (int kind = 0; kind < ERROR_KINDS; kind++) {
        struct error error;

        error_set(&error, (enum error_kind)kind, "HTTP 500 from https://api.openai.com/v1");
        assert_speaks_to_sellers(seller_message(&error));
        assert_names_no_check(seller_message(&error));
    }
}

/* A sentence ends with a full stop before a space or the end. */
static int sentences_of(const char *text)
{
    int count = 0;

    for (; *text; text++) {
        count += *text == '.' && (text[1] == ' ' || text[1] == '\0');
    }
    return count;
}

static bool has_one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (has_word(text, *words)) {
            return true;
        }
    }
    return false;
}

/* A text about one cause says what it is about and what to do, in two sentences at most. */
static void assert_helps(const char *text)
{
    static const char *const subjects[] = { "product", "product's",   "photo",   "image", "scene",
                                            "project", "description", "credits", "what",  NULL };
    static const char *const actions[] = { "upload", "add",  "generate", "open", "start", "change",
                                           "check",  "take", "replace",  "try",  NULL };

    if (sentences_of(text) < 1 || sentences_of(text) > 2) {
        fail_msg("%d sentences: %s", sentences_of(text), text);
    }
    if (!has_one_of(text, subjects)) {
        fail_msg("it does not say what it is about: %s", text);
    }
    if (!has_one_of(text, actions)) {
        fail_msg("it does not say what to do: %s", text);
    }
}

/* Checks the text of each cause: no other cause and no kind of error has it. */
static void every_cause_has_its_own(const char *(*text_of)(const struct error *error))
{
    for (int cause = CAUSE_UNKNOWN + 1; cause < CAUSE_COUNT; cause++) {
        const char *text = text_of(&(struct error){ .kind = ERROR_OUTPUT, .cause = cause });

        assert_speaks_to_sellers(text);
        if (cause != (int)CAUSE_NO_MEASUREMENTS) { /* a product's dimensions are a seller's word */
            assert_names_no_check(text);
        }
        assert_helps(text);
        for (int other = CAUSE_UNKNOWN + 1; other < cause; other++) {
            if (strcmp(text, text_of(&(struct error){ .cause = other })) == 0) {
                fail_msg("causes %d and %d have the same text: %s", other, cause, text);
            }
        }
        for (int kind = 0; kind < ERROR_KINDS; kind++) {
            if (strcmp(text, text_of(&(struct error){ .kind = (enum error_kind)kind })) == 0) {
                fail_msg("cause %d has no text of its own: %s", cause, text);
            }
        }
    }
}

static void every_cause_has_its_own_sentence(void **state)
{
    (void)state;
    every_cause_has_its_own(seller_message);
}

static void every_cause_has_its_own_advice(void **state)
{
    (void)state;
    every_cause_has_its_own(seller_advice);
}

static void every_check_has_a_cause(void **state)
{
    (void)state;
    for (int i = 0; checks[i]; i++) {
        assert_int_not_equal(seller_cause_of_check(checks[i]->name), CAUSE_UNKNOWN);
        for (int k = 0; k < i; k++) {
            assert_int_not_equal(seller_cause_of_check(checks[i]->name),
                                 seller_cause_of_check(checks[k]->name));
        }
    }
    assert_int_equal(seller_cause_of_check("no_such_check"), CAUSE_UNKNOWN);
}

/* The sentence for a file of another kind names it. */
static void foreign_photos_are_named(void **state)
{
    (void)state;
    for (int format = FOREIGN_UNKNOWN + 1; format < FOREIGN_FORMATS; format++) {
        struct error error = { .kind = ERROR_INPUT };
        const char *sentence;

        error.cause = (int)seller_cause_of_photo(IMAGE_FOREIGN + format);
        sentence = seller_message(&error);
        assert_non_null(strstr(sentence, foreign_name((enum foreign_format)format)));
        assert_int_equal(strncmp(sentence, "The product photo is a", 22), 0);
    }
    assert_int_equal(seller_cause_of_photo(0), CAUSE_PHOTO_UNREADABLE);
    assert_int_equal(seller_cause_of_photo(IMAGE_TOO_LARGE), CAUSE_PHOTO_TOO_LARGE);
    assert_int_equal(seller_cause_of_photo(IMAGE_FOREIGN), CAUSE_PHOTO_UNREADABLE);
    assert_int_equal(seller_cause_of_photo(IMAGE_FOREIGN + FOREIGN_FORMATS),
                     CAUSE_PHOTO_UNREADABLE);
}

static void assert_is_an_advice(const char *text)
{
    const char *what = strstr(text, SELLER_ADVICE_WHAT);

    assert_speaks_to_sellers(text);
    assert_in_range(strlen(text), 20, 200);
    assert_non_null(what);
    assert_null(strstr(what + 1, SELLER_ADVICE_WHAT));
}

static void every_error_has_an_advice(void **state)
{
    struct error no_dimensions = { .kind = ERROR_INPUT, .cause = CAUSE_NO_MEASUREMENTS };

    (void)state;
    for (int kind = 0; kind < ERROR_KINDS; kind++) {
        assert_is_an_advice(seller_advice(&(struct error){ .kind = (enum error_kind)kind }));
    }
    for (int cause = CAUSE_UNKNOWN + 1; cause < CAUSE_COUNT; cause++) {
        assert_is_an_advice(seller_advice(&(struct error){ .kind = ERROR_OUTPUT, .cause = cause }));
    }
    assert_string_equal(seller_advice(&no_dimensions),
                        "Add the product's dimensions to its description to get {what}.");
    assert_is_an_advice(
        seller_advice(&(struct error){ .kind = (enum error_kind)99, .cause = 12345 }));
}

/* Only the error knows the letters. */
static void letters_that_cannot_be_printed_are_named(void **state)
{
    struct error error;

    (void)state;
    error_set(&error, ERROR_INPUT, "no font has the letters");
    error.cause = CAUSE_LETTERS;
    assert_speaks_to_sellers(seller_message(&error));
    error_hint(&error,
               "The image cannot show these letters of the product's text: %s. Change "
               "\"%s\" to other letters, then try again.",
               "བོ ད", "བོད Mug");
    assert_non_null(strstr(seller_message(&error), "བོ ད"));
    assert_speaks_to_sellers(seller_message(&error));
    assert_is_an_advice(seller_advice(&error));
}

/* A provider cannot name a cause of this layer. */
static void providers_can_say_that_the_background_is_in_the_way(void **state)
{
    struct error error;

    (void)state;
    error_set(&error, ERROR_INPUT, "cannot tell the product from the background");
    error.cause = ERROR_CAUSE_BACKGROUND;
    assert_non_null(strstr(seller_message(&error), "background of the photo"));
}

static void unknown_values_fall_back_to_the_general_sentence(void **state)
{
    struct error internal = { .kind = ERROR_INTERNAL };
    struct error odd = { .kind = (enum error_kind)99, .cause = 12345 };

    (void)state;
    assert_string_equal(seller_message(&odd), seller_message(&internal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_kind_has_a_sentence),
        cmocka_unit_test(every_cause_has_its_own_sentence),
        cmocka_unit_test(every_cause_has_its_own_advice),
        cmocka_unit_test(every_check_has_a_cause),
        cmocka_unit_test(foreign_photos_are_named),
        cmocka_unit_test(every_error_has_an_advice),
        cmocka_unit_test(letters_that_cannot_be_printed_are_named),
        cmocka_unit_test(providers_can_say_that_the_background_is_in_the_way),
        cmocka_unit_test(unknown_values_fall_back_to_the_general_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
