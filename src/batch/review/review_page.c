/* review_page.c - the page around the images: its head, its way to others, what it may load. */
#include "batch/review/review_page.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/embed.h"
#include "base/json.h"
#include "batch/review/review_page_item.h"

enum { PLACE_BYTES = 24, NAME_BYTES = 120 };

static const char template_name[] = "assets/review.html";

void review_page_name(const char *stem, int number, int of, char *out, size_t size)
{
    if (of > 1) {
        snprintf(out, size, "%s-%d.html", stem, number);
    } else {
        snprintf(out, size, "%s.html", stem);
    }
}

void review_decisions_name(const char *batch, int number, int of, char *out, size_t size)
{
    if (of > 1) {
        snprintf(out, size, "decisions-%s-%d.json", batch, number);
    } else {
        snprintf(out, size, "decisions-%s.json", batch);
    }
}

/* -- places of the template ------------------------------------------------------------------ */

/* "'sha256-...'" of what stands between two tags of the template: nothing else is run or styles. */
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
    if (page->of > 1) {
        text_printf(out, ", page %d of %d", page->number, page->of);
    }
}

static long long told(const struct review_page *page, const char *key)
{
    return (long long)json_peek_int(page->told, key, 0);
}

static void add_head(const struct review_page *page, struct text *out)
{
    const cJSON *spent = cJSON_GetObjectItemCaseSensitive(page->told, "spentUsd");
    const char *state = json_peek_text(page->told, "state");
    long long open = told(page, "waiting") + told(page, "queued") + told(page, "running");

    text_printf(out, "<p class=\"dim\">%lld images, %lld candidates made, %lld failed",
                told(page, "images"), told(page, "done"), told(page, "failed"));
    if (open > 0) {
        text_printf(out, ", %lld still to come (", open);
        text_add_html(out, state ? state : "");
        text_add(out, ")");
    }
    text_printf(out, "; %.2f USD spent; %lld accepted, %lld rejected, %lld reverted</p>\n",
                cJSON_IsNumber(spent) ? spent->valuedouble : 0, told(page, "accepted"),
                told(page, "rejected"), told(page, "reverted"));
}

static void add_pages(const struct review_page *page, struct text *out)
{
    char name[NAME_BYTES];

    if (page->of < 2) {
        return;
    }
    text_add(out, "<nav aria-label=\"pages\">");
    for (int i = 1; i <= page->of; i++) {
        review_page_name(page->stem, i, page->of, name, sizeof name);
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

    review_decisions_name(page->batch, page->number, page->of, name, sizeof name);
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
        text_add(out, "<p>There is nothing to look at yet.</p>\n");
    }
}

static void add_made(const struct review_page *page, struct text *out)
{
    text_add(out, "Made by <code>darkroom review</code>, ");
    text_add_html(out, page->made);
    text_add(out, ". Images are small copies; their files are as the database says.");
}

static const struct {
    const char *name;
    void (*add)(const struct review_page *page, struct text *out);
} places[] = {
    { "policy", add_policy }, { "title", add_title }, { "head", add_head },
    { "pages", add_pages },   { "batch", add_batch }, { "file", add_file },
    { "data", add_data },     { "items", add_items }, { "made", add_made },
};

static bool add_place(const char *name, const struct review_page *page, struct text *out)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].name, name) == 0) {
            places[i].add(page, out);
            return true;
        }
    }
    return false;
}

bool review_page_write(const struct review_page *page, struct text *out, struct error *err)
{
    const char *at = (const char *)embed_find(template_name)->data;
    char name[PLACE_BYTES];

    while (text_add_template(out, &at, name, sizeof name)) {
        if (!add_place(name, page, out)) {
            return error_set(err, ERROR_INTERNAL, "the review's page has an unknown place");
        }
    }
    return !out->overflow || error_set(err, ERROR_INTERNAL, "the review's page is too large");
}
