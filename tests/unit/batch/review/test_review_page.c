/* The page shows what the database says, and does nothing that it says. */
#include <stdio.h>

#include "unit/batch/review/rows.h"

#include "base/base64.h"
#include "base/digest.h"
#include "batch/review/review_page.h"

static const struct row plain = { .item = 1, .variant = 1, .likeness = 0.9, .usd = 0.04 };

static struct text page_of(const struct row *rows, int count, int number, int of)
{
    cJSON *told = cJSON_Parse("{\"images\":600,\"done\":2,\"failed\":1,\"waiting\":3,"
                              "\"state\":\"<running>\",\"spentUsd\":1.25}");
    struct read read;
    struct text out;
    struct error err;

    read_rows(rows, count, &read);
    for (int i = 0; i < read.items.count; i++) { /* as if fetched, but for what is before it */
        struct review_item *item = &read.items.list[i];

        snprintf(item->before.missing, sizeof item->before.missing, "gone \"<b>\" & away");
        for (int j = 0; j < item->count; j++) {
            if (item->candidates[j].done) {
                assert_true(blob_copy(&item->candidates[j].image.jpeg, "\xff\xd8jpeg", 6, &err));
                item->candidates[j].image.width = 440;
                item->candidates[j].image.height = 293;
            }
        }
    }
    text_begin(&out, 10 << 20);
    if (!review_page_write(&(struct review_page){ .batch = "b7-3f2a",
                                                  .told = told,
                                                  .items = &read.items,
                                                  .stem = "review",
                                                  .number = number,
                                                  .of = of,
                                                  .made = "now" },
                           &out, &err)) {
        fail_msg("%s", err.text);
    }
    read_end(&read);
    cJSON_Delete(told);
    return out;
}

static int times(const char *text, const char *word)
{
    int count = 0;

    for (; (text = strstr(text, word)); text += strlen(word)) {
        count++;
    }
    return count;
}

static void says(const struct text *page, const char *word)
{
    if (!strstr(page->data, word)) {
        fail_msg("the page does not say '%s'", word);
    }
}

static void before_and_after(void **unused)
{
    struct row rows[] = { plain, plain, plain };
    struct text page;

    (void)unused;
    rows[1].item = 2;
    rows[1].state = "failed";
    rows[1].error = "the model declined";
    rows[2].item = 3;
    rows[2].decision = "accepted";
    page = page_of(rows, 3, 1, 1);
    assert_int_equal(times(page.data, "<article "), 3);
    assert_int_equal(times(page.data, "data:image/jpeg;base64,/9hqcGVn\""), 2);
    assert_int_equal(times(page.data, " data-open"), 1); /* neither the failed nor the accepted */
    assert_int_equal(times(page.data, "<div class=\"decide js\">"), 1);
    says(&page, "3 of 3 checks, like the photo 90 %");
    says(&page, "0.0400 USD");
    says(&page, "missing: gone &quot;&lt;b&gt;&quot; &amp; away");
    says(&page, "the model declined");
    says(&page, "it counts already");
    says(&page, "600 images, 2 candidates made, 1 failed, 3 still to come (&lt;running&gt;)");
    says(&page, "data-batch=\"b7-3f2a\" data-file=\"decisions-b7-3f2a.json\"");
    says(&page, "darkroom accept b7-3f2a --file decisions-b7-3f2a.json");
    assert_null(strstr(page.data, "<nav"));
    assert_null(strstr(page.data, "{{"));
    text_end(&page);
}

/* What a seller or a model may have written, in every place that shows it. */
static void nothing_is_done_that_is_said(void **unused)
{
    static const char hostile[] = "\"'></script><script>alert(1)</script><img src=x onerror=a()>"
                                  "{{items}}<!--";
    struct row rows[] = { plain, plain };
    struct text clean, page;

    (void)unused;
    rows[1].variant = 2;
    rows[1].state = "failed";
    rows[1].error = "e";
    clean = page_of(rows, 2, 1, 1);
    for (int i = 0; i < 2; i++) {
        rows[i].product = rows[i].model = hostile;
        rows[i].decision = hostile;
    }
    rows[1].error = hostile;
    page = page_of(rows, 2, 1, 1);
    assert_int_equal(times(page.data, "<script"), times(clean.data, "<script"));
    assert_int_equal(times(page.data, "</script"), times(clean.data, "</script"));
    assert_int_equal(times(page.data, "<!--"), 0);
    assert_null(strstr(page.data, "onerror=a()>"));
    assert_null(strstr(page.data, "{{items}}<!--"));
    says(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    says(&page, "{{items}}&lt;!--");
    text_end(&clean);
    text_end(&page);
}

/* The policy names the hash of what stands between the tags: nothing else is run or styles. */
static void hash_stands_in_the_policy(const struct text *page, const char *open, const char *close)
{
    const char *from = strstr(page->data, open) + strlen(open), *to = strstr(from, close);
    uint8_t digest[DIGEST_BYTES];
    struct blob letters;
    struct error err;
    char word[80];

    assert_int_equal(times(page->data, open), 1);
    digest_bytes(from, (size_t)(to - from), digest);
    assert_true(base64_encode(digest, sizeof digest, &letters, &err));
    snprintf(word, sizeof word, "'sha256-%.*s'", (int)letters.size, (const char *)letters.data);
    says(page, word);
    blob_free(&letters);
}

static void it_reaches_nothing(void **unused)
{
    struct text page = page_of(&plain, 1, 1, 1);

    (void)unused;
    says(&page,
         "content=\"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; ");
    hash_stands_in_the_policy(&page, "<style>", "</style>");
    hash_stands_in_the_policy(&page, "<script>", "</script>");
    assert_null(strstr(page.data, "unsafe"));
    assert_null(strstr(page.data, " style=")); /* the policy would not let it */
    assert_null(strstr(page.data, " onclick="));
    assert_null(strstr(page.data, "http://"));
    assert_null(strstr(page.data, "https://")); /* nor the images' addresses */
    assert_null(strstr(page.data, "innerHTML"));
    text_end(&page);
}

static void pages_know_each_other(void **unused)
{
    struct text page = page_of(&plain, 1, 2, 3);
    char name[100];

    (void)unused;
    says(&page, "Batch b7-3f2a, page 2 of 3");
    says(&page, "<a href=\"review-1.html\">1</a>");
    says(&page, "<a href=\"review-2.html\" aria-current=\"page\">2</a>");
    says(&page, "data-file=\"decisions-b7-3f2a-2.json\"");
    text_end(&page);
    review_page_name("tonight", 1, 1, name, sizeof name);
    assert_string_equal(name, "tonight.html");
    review_decisions_name("b7-3f2a", 4, 5, name, sizeof name);
    assert_string_equal(name, "decisions-b7-3f2a-4.json");
}

static void an_empty_page_says_so(void **unused)
{
    struct text page = page_of(NULL, 0, 1, 1);

    (void)unused;
    says(&page, "There is nothing to look at yet.");
    text_end(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_and_after),      cmocka_unit_test(nothing_is_done_that_is_said),
        cmocka_unit_test(it_reaches_nothing),    cmocka_unit_test(pages_know_each_other),
        cmocka_unit_test(an_empty_page_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
