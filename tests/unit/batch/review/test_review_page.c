/* test_review_page.c - the page shows the database's texts escaped, and loads nothing. */
#include <stdio.h>

#include "unit/batch/review/rows.h"

#include "base/base64.h"
#include "base/digest.h"
#include "batch/review/review_page.h"
#include "batch/review/review_page_item.h"
#include "batch/review/review_rejections.h"

static const struct test_row plain = { .item = 1, .variant = 1, .similarity = 0.9, .usd = 0.04 };

static struct text page_of(const struct test_row *rows, int count, int number, int pages)
{
    cJSON *summary = cJSON_Parse("{\"images\":600,\"done\":2,\"failed\":1,\"waiting\":3,"
                                 "\"state\":\"<running>\",\"spentUsd\":1.25}");
    struct read read;
    struct text out;
    struct error err;

    read_rows(rows, count, &read);
    for (int i = 0; i < read.items.count;
         i++) { /* candidates are fetched; the image before is missing */
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
                                                  .summary = summary,
                                                  .items = &read.items,
                                                  .stem = "review",
                                                  .number = number,
                                                  .count = pages,
                                                  .made = "now" },
                           &out, &err)) {
        fail_msg("%s", err.text);
    }
    read_end(&read);
    cJSON_Delete(summary);
    return out;
}

static int count_of(const char *text, const char *word)
{
    int count = 0;

    for (; (text = strstr(text, word)); text += strlen(word)) {
        count++;
    }
    return count;
}

static void expect_text(const struct text *page, const char *word)
{
    if (!strstr(page->data, word)) {
        fail_msg("the page does not contain '%s'", word);
    }
}

static void items_show_before_and_after(void **unused)
{
    struct test_row rows[] = { plain, plain, plain };
    struct text page;

    (void)unused;
    rows[1].item = 2;
    rows[1].state = "failed";
    rows[1].error = "the model declined";
    rows[2].item = 3;
    rows[2].decision = "accepted";
    page = page_of(rows, 3, 1, 1);
    assert_int_equal(count_of(page.data, "<article "), 3);
    assert_int_equal(count_of(page.data, "data:image/jpeg;base64,/9hqcGVn\""), 2);
    assert_int_equal(count_of(page.data, " data-open"),
                     1); /* neither the failed nor the accepted */
    assert_int_equal(count_of(page.data, "<div class=\"decide js\">"), 1);
    expect_text(&page, "3 of 3 checks, 90 % similar to the photo");
    expect_text(&page, "0.0400 USD");
    expect_text(&page, "missing: gone &quot;&lt;b&gt;&quot; &amp; away");
    expect_text(&page, "the model declined");
    expect_text(&page, "this image is in use");
    expect_text(&page, "600 images, 2 candidates made, 1 failed, 3 pending (&lt;running&gt;)");
    expect_text(&page, "data-batch=\"b7-3f2a\" data-file=\"decisions-b7-3f2a.json\"");
    expect_text(&page, "darkroom accept b7-3f2a --file decisions-b7-3f2a.json");
    assert_null(strstr(page.data, "<nav"));
    assert_null(strstr(page.data, "{{"));
    text_end(&page);
}

/* Hostile text in every field that a seller or a model can set. */
static void database_texts_are_escaped(void **unused)
{
    static const char hostile[] = "\"'></script><script>alert(1)</script><img src=x onerror=a()>"
                                  "{{items}}<!--";
    struct test_row rows[] = { plain, plain };
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
    assert_int_equal(count_of(page.data, "<script"), count_of(clean.data, "<script"));
    assert_int_equal(count_of(page.data, "</script"), count_of(clean.data, "</script"));
    assert_int_equal(count_of(page.data, "<!--"), 0);
    assert_null(strstr(page.data, "onerror=a()>"));
    assert_null(strstr(page.data, "{{items}}<!--"));
    expect_text(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    expect_text(&page, "{{items}}&lt;!--");
    text_end(&clean);
    text_end(&page);
}

/* The content security policy must contain the hash of the text between the tags. */
/* Rejected answers are assigned to their items, also of an item without a candidate. */
static void rejected_answers_are_shown_with_their_item(void **unused)
{
    struct test_row rows[] = { plain, plain, plain };
    cJSON *rejections = cJSON_Parse(
        "[{\"item\":0},{\"item\":2,\"variant\":1,\"check\":\"marks\",\"message\":\"<b>logo\","
        "\"picture\":\"/9j/4A==\"},{\"item\":2,\"variant\":1,\"message\":\"again\"},"
        "{\"item\":3,\"variant\":1,\"check\":\"label_text\",\"message\":\"wrong\","
        "\"picture\":\"\\\"><script>\"},{\"item\":9}]");
    struct read read;
    struct text out;

    (void)unused;
    rows[1].item = 2;
    rows[1].state = "failed";
    rows[2].item = 3;
    read_rows(rows, 3, &read);
    review_rejections_read(rejections, &read.items);
    assert_int_equal(read.items.list[0].rejection_count, 0);
    text_begin(&out, 1 << 20);
    for (int i = 0; i < 3; i++) {
        review_page_add_item(&read.items.list[i], &out);
    }
    assert_int_equal(count_of(out.data, "class=\"rejected\""), 2);
    assert_int_equal(count_of(out.data, "class=\"rejected\" open"), 1);
    expect_text(&out, "2 rejected answers</summary>");
    expect_text(&out, "1 rejected answer</summary>");
    expect_text(&out, "src=\"data:image/jpeg;base64,/9j/4A==\"");
    expect_text(&out, "<b>marks</b>: &lt;b&gt;logo");
    assert_null(strstr(out.data, "<script>"));
    text_end(&out);
    read_end(&read);
    cJSON_Delete(rejections);
}

static void expect_hash_in_policy(const struct text *page, const char *open, const char *close)
{
    const char *from = strstr(page->data, open) + strlen(open), *to = strstr(from, close);
    uint8_t digest[DIGEST_BYTES];
    struct blob letters;
    struct error err;
    char word[80];

    assert_int_equal(count_of(page->data, open), 1);
    digest_bytes(from, (size_t)(to - from), digest);
    assert_true(base64_encode(digest, sizeof digest, &letters, &err));
    snprintf(word, sizeof word, "'sha256-%.*s'", (int)letters.size, (const char *)letters.data);
    expect_text(page, word);
    blob_free(&letters);
}

static void page_loads_nothing(void **unused)
{
    struct text page = page_of(&plain, 1, 1, 1);

    (void)unused;
    expect_text(
        &page,
        "content=\"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; ");
    expect_hash_in_policy(&page, "<style>", "</style>");
    expect_hash_in_policy(&page, "<script>", "</script>");
    assert_null(strstr(page.data, "unsafe"));
    assert_null(strstr(page.data, " style=")); /* the policy forbids inline styles */
    assert_null(strstr(page.data, " onclick="));
    assert_null(strstr(page.data, "http://"));
    assert_null(strstr(page.data, "https://")); /* image URLs are not in the page either */
    assert_null(strstr(page.data, "innerHTML"));
    text_end(&page);
}

static void pages_link_to_each_other(void **unused)
{
    struct text page = page_of(&plain, 1, 2, 3);
    char name[100];

    (void)unused;
    expect_text(&page, "Batch b7-3f2a, page 2 of 3");
    expect_text(&page, "<a href=\"review-1.html\">1</a>");
    expect_text(&page, "<a href=\"review-2.html\" aria-current=\"page\">2</a>");
    expect_text(&page, "data-file=\"decisions-b7-3f2a-2.json\"");
    text_end(&page);
    review_page_name("tonight", 1, 1, name, sizeof name);
    assert_string_equal(name, "tonight.html");
}

static void empty_page_says_so(void **unused)
{
    struct text page = page_of(NULL, 0, 1, 1);

    (void)unused;
    expect_text(&page, "There are no images yet.");
    text_end(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_show_before_and_after),
        cmocka_unit_test(database_texts_are_escaped),
        cmocka_unit_test(page_loads_nothing),
        cmocka_unit_test(pages_link_to_each_other),
        cmocka_unit_test(empty_page_says_so),
        cmocka_unit_test(rejected_answers_are_shown_with_their_item),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
