/* review_page.c - fills the template of the review page: heading, links, content security policy.
 */
#include "batch/review/review_page.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/embed.h"
#include "base/json.h"
#include "batch/review/review_page_item.h"

enum { PLACEHOLDER_BYTES = 24, NAME_BYTES = 120 };

static const char template_name[] = "assets/review.html";

void review_page_name(const char *stem, int number, int count, char *out, size_t size)
{
    if (count > 1) {
        snprintf(out, size, "%s-%d.html", stem, number);
    } else {
        snprintf(out, size, "%s.html", stem);
    }
}

static void decisions_name(const char *batch, int number, int count, char *out, size_t size)
{
    if (count > 1) {
        snprintf(out, size, "decisions-%s-%d.json", batch, number);
    } else {
        snprintf(out, size, "decisions-%s.json", batch);
    }
}

/* -- placeholders of the template ------------------------------------------------------------ */

/* Adds "'sha256-...'" of the text between two tags of the template: the policy then allows only
 * this script or style. */
static void add_hash(const char *template, const char *open, const char *close, struct text *out)
{
    const char *from = strstr(template, open) + strlen(open), *to = strstr(from, close);
    uint8_t digest[DIGEST_BYTES];
    struct blob letters;
    struct error ignored;

    digest_bytes(from, (size_t)(to - from), digest);
    if (base64_encode(digest, sizeof digest, &letters, &ignored)) {
        text_add(out, "'sha256-");
        text_add_bytes(out, letters.data, letters.size);
        text_add(out, "'");
        blob_free(&letters);
    }
}

static void add_policy(const struct review_page *page, struct text *out)
{
    const char *template = (const char *)embed_find(template_name)->data;

    (void)page;
    text_add(out, "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
                  "style-src ");
    add_hash(template, "<style>", "</style>", out);
    text_add(out, "; script-src ");
    add_hash(template, "<script>", "</script>", out);
}

static void add_title(const struct review_page *page, struct text *out)
{
    text_add(out, "Batch ");
    text_add_html(out, page->batch);
    if (page->count > 1) {
        text_printf(out, ", page %d of %d", page->number, page->count);
    }
}

static long long summary_count(const struct review_page *page, const char *key)
{
    return (long long)json_peek_int(page->summary, key, 0);
}

static void add_head(const struct review_page *page, struct text *out)
{
    const cJSON *spent = cJSON_GetObjectItemCaseSensitive(page->summary, "spentUsd");
    const char *state = json_peek_text(page->summary, "state");
    long long pending = summary_count(page, "waiting") + summary_count(page, "queued") +
                        summary_count(page, "running");

    text_printf(out, "<p class=\"dim\">%lld images, %lld candidates made, %lld failed",
                summary_count(page, "images"), summary_count(page, "done"),
                summary_count(page, "failed"));
    if (pending > 0) {
        text_printf(out, ", %lld pending (", pending);
        text_add_html(out, state ? state : "");
        text_add(out, ")");
    }
    text_printf(out, "; %.2f USD spent; %lld accepted, %lld rejected, %lld reverted</p>\n",
                cJSON_IsNumber(spent) ? spent->valuedouble : 0, summary_count(page, "accepted"),
                summary_count(page, "rejected"), summary_count(page, "reverted"));
}

static void add_pages(const struct review_page *page, struct text *out)
{
    char name[NAME_BYTES];

    if (page->count < 2) {
        return;
    }
    text_add(out, "<nav aria-label=\"pages\">");
    for (int i = 1; i <= page->count; i++) {
        review_page_name(page->stem, i, page->count, name, sizeof name);
        text_add(out, "<a href=\"");
        text_add_html(out, name);
        text_printf(out, "\"%s>%d</a>", i == page->number ? " aria-current=\"page\"" : "", i);
    }
    text_add(out, "</nav>\n");
}

static void add_batch(const struct review_page *page, struct text *out)
{
    text_add_html(out, page->batch);
}

static void add_file(const struct review_page *page, struct text *out)
{
    char name[NAME_BYTES];

    decisions_name(page->batch, page->number, page->count, name, sizeof name);
    text_add_html(out, name);
}

static void add_data(const struct review_page *page, struct text *out)
{
    text_add(out, "data-batch=\"");
    add_batch(page, out);
    text_add(out, "\" data-file=\"");
    add_file(page, out);
    text_add(out, "\"");
}

static void add_items(const struct review_page *page, struct text *out)
{
    for (int i = 0; i < page->items->count; i++) {
        review_page_add_item(&page->items->list[i], out);
    }
    if (page->items->count == 0) {
        text_add(out, "<p>There are no images yet.</p>\n");
    }
}

static void add_made(const struct review_page *page, struct text *out)
{
    text_add(out, "Made by <code>darkroom review</code>, ");
    text_add_html(out, page->made);
    text_add(out, ". The images are reduced copies; the original files are in the store.");
}

static const struct {
    const char *name;
    void (*add)(const struct review_page *page, struct text *out);
} placeholders[] = {
    { "policy", add_policy }, { "title", add_title }, { "head", add_head },
    { "pages", add_pages },   { "batch", add_batch }, { "file", add_file },
    { "data", add_data },     { "items", add_items }, { "made", add_made },
};

static bool add_placeholder(const char *name, const struct review_page *page, struct text *out)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        if (strcmp(placeholders[i].name, name) == 0) {
            placeholders[i].add(page, out);
            return true;
        }
    }
    return false;
}

bool review_page_write(const struct review_page *page, struct text *out, struct error *err)
{
    const char *at = (const char *)embed_find(template_name)->data;
    char name[PLACEHOLDER_BYTES];

    while (text_add_template(out, &at, name, sizeof name)) {
        if (!add_placeholder(name, page, out)) {
            return error_set(err, ERROR_INTERNAL,
                             "the review page's template has an unknown placeholder");
        }
    }
    return !out->overflow || error_set(err, ERROR_INTERNAL, "the review page is too large");
}
