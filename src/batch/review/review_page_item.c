/* review_page_item.c - writes an item as HTML. The page's script reads only the data attributes. */
#include "batch/review/review_page_item.h"

#include <string.h>

#include "base/base64.h"
#include "batch/review/review_rejections.h"

static void add_attribute(struct text *out, const char *name, const char *value)
{
    text_printf(out, " %s=\"", name);
    text_add_html(out, value);
    text_add(out, "\"");
}

/* -- images ---------------------------------------------------------------------------------- */

static void add_image(const struct thumbnail *thumb, const char *alt, struct text *out)
{
    struct blob letters;
    struct error ignored;

    if (!base64_encode(thumb->jpeg.data, thumb->jpeg.size, &letters, &ignored)) {
        return;
    }
    text_printf(out, "<img decoding=\"async\" width=\"%d\" height=\"%d\"", thumb->width,
                thumb->height);
    add_attribute(out, "alt", alt);
    text_add(out, " src=\"data:image/jpeg;base64,");
    text_add_bytes(out, letters.data, letters.size);
    text_add(out, "\">");
    blob_free(&letters);
}

/* Writes the image as a button that enlarges it, or the reason why there is no image. */
static void add_image_or_reason(const struct thumbnail *thumb, const char *alt, const char *absent,
                                struct text *out)
{
    if (thumb->width > 0) {
        text_add(out, "<button type=\"button\" class=\"frame\">");
        add_image(thumb, alt, out);
        text_add(out, "</button>");
        return;
    }
    text_add(out, "<div class=\"frame\"><span>");
    text_add_html(out, thumb->missing[0] ? "missing: " : absent);
    text_add_html(out, thumb->missing);
    text_add(out, "</span></div>");
}

static void add_size(int width, int height, struct text *out)
{
    if (width > 0 && height > 0) {
        text_printf(out, ", %d \xc3\x97 %d", width, height);
    }
}

static void add_before(const struct review_item *item, struct text *out)
{
    text_add(out, "<figure class=\"photo\">");
    add_image_or_reason(item->photo, "product photo", "no product photo", out);
    text_add(out, "<figcaption>photo</figcaption></figure>\n<figure class=\"before\">");
    add_image_or_reason(&item->before, "before", "no image before", out);
    text_add(out, "<figcaption>before");
    if (item->before_model[0]) {
        text_add(out, ": ");
        text_add_html(out, item->before_model);
    }
    add_size(item->before_width, item->before_height, out);
    text_add(out, "</figcaption></figure>\n");
}

/* -- candidates ------------------------------------------------------------------------------ */

static void add_similarity(const struct candidate *candidate, struct text *out)
{
    if (candidate->similarity < 0) {
        return;
    }
    text_printf(out, "<li><span>\xe2\x89\x88</span> similarity to the photo<b>%.0f %%",
                candidate->similarity * 100);
    if (candidate->shape >= 0) {
        text_printf(out, ", shape %.0f %%", candidate->shape * 100);
    }
    if (candidate->colour >= 0) {
        text_printf(out, ", colour difference %.1f", candidate->colour);
    }
    text_add(out, "</b></li>");
}

/* The details are collapsed unless a check failed. */
static void add_checks(const struct candidate *candidate, struct text *out)
{
    int count = candidate->check_count, passed = count - candidate->failed;

    if (count == 0) {
        return;
    }
    text_printf(out, "<details%s><summary class=\"%s\">%d of %d checks",
                candidate->failed ? " open" : "", candidate->failed ? "bad" : "good", passed,
                count);
    if (candidate->similarity >= 0) {
        text_printf(out, ", %.0f %% similar to the photo", candidate->similarity * 100);
    }
    text_add(out, "</summary><ul class=\"checks\">");
    for (int i = 0; i < count; i++) {
        const struct check_result *line = &candidate->checks[i];

        text_printf(out, "<li class=\"%s\"><span>%s</span> ", line->passed ? "ok" : "bad",
                    line->passed ? "\xe2\x9c\x93" : "\xe2\x9c\x97");
        text_add_html(out, line->name);
        text_add(out, "<b>");
        text_add_html(out, line->passed ? line->value : line->message);
        text_add(out, "</b></li>");
    }
    add_similarity(candidate, out);
    text_add(out, "</ul></details>");
}

static bool is_open(const struct candidate *candidate)
{
    return candidate->done &&
           (candidate->decision[0] == '\0' || strcmp(candidate->decision, "reverted") == 0);
}

static void add_caption(const struct review_item *item, const struct candidate *candidate, int rank,
                        struct text *out)
{
    text_add(out, "<figcaption><b>");
    if (item->count > 1) {
        text_printf(out, "%d. </b>variant %d", rank, candidate->variant);
    } else {
        text_add(out, "after</b>");
    }
    text_add(out, candidate->model[0] ? ": " : "");
    text_add_html(out, candidate->model);
    text_add(out, candidate->quality[0] ? ", " : "");
    text_add_html(out, candidate->quality);
    add_size(candidate->width, candidate->height, out);
    if (candidate->bytes > 0) {
        char bytes[24];

        bytes_text((double)candidate->bytes, bytes, sizeof bytes);
        text_printf(out, ", %s", bytes);
    }
    if (candidate->usd >= 0) {
        text_printf(out, ", %.4f USD", candidate->usd);
    }
    text_add(out, "</figcaption>");
}

static void add_decide(const struct candidate *candidate, struct text *out)
{
    if (is_open(candidate)) {
        text_add(out, "<div class=\"decide js\">"
                      "<button type=\"button\" class=\"accept\" aria-pressed=\"false\">Accept"
                      "</button><button type=\"button\" class=\"reject\" aria-pressed=\"false\">"
                      "Reject</button></div>");
    }
    if (candidate->decision[0]) {
        bool counts = strcmp(candidate->decision, "accepted") == 0;

        text_printf(out, "<p class=\"%s\">", counts ? "good" : "dim");
        text_add_html(out, candidate->decision);
        text_add(out, counts ? ": this image is in use</p>" : "</p>");
    }
}

static void add_candidate(const struct review_item *item, int at, struct text *out)
{
    const struct candidate *candidate = &item->candidates[at];
    const char *absent = strcmp(candidate->state, "failed") == 0 ? candidate->error
                         : candidate->done                       ? "no URL"
                         : candidate->state[0]                   ? candidate->state
                                                                 : "not made";

    text_printf(out, "<figure class=\"new\" role=\"group\" data-variant=\"%d\" data-failed=\"%d\"",
                candidate->variant, candidate->failed);
    add_attribute(out, "data-model", candidate->model);
    add_attribute(out, "data-decision", candidate->decision);
    if (candidate->usd >= 0) {
        text_printf(out, " data-cost=\"%.6f\"", candidate->usd);
    }
    if (candidate->similarity >= 0) {
        text_printf(out, " data-similarity=\"%.3f\"", candidate->similarity);
    }
    text_add(out, is_open(candidate) ? " data-open" : "");
    text_add(out, candidate->image.width > 0 ? " data-there" : "");
    text_printf(out, " aria-label=\"variant %d", candidate->variant);
    text_add(out, candidate->model[0] ? " by " : "");
    text_add_html(out, candidate->model);
    text_add(out, "\">");
    add_image_or_reason(&candidate->image, "after", absent, out);
    add_caption(item, candidate, at + 1, out);
    add_checks(candidate, out);
    add_decide(candidate, out);
    text_add(out, "</figure>\n");
}

/* -- the card -------------------------------------------------------------------------------- */

/* All frames of an item have the same shape, that of its best candidate. */
static const char *shape_of(const struct review_item *item)
{
    const struct candidate *best = &item->candidates[0];
    double width = best->width > 0 ? best->width : item->before_width;
    double height = best->width > 0 ? best->height : item->before_height;
    double ratio = width > 0 && height > 0 ? width / height : 1;

    return ratio >= 2 ? " strip" : ratio >= 1.25 ? " wide" : ratio <= 0.8 ? " tall" : "";
}

/* Adds "12: Clay Cup, lifestyle, rustic". */
static void add_name(const struct review_item *item, struct text *out)
{
    text_printf(out, "%d: ", item->number);
    text_add_html(out, item->product);
    text_add(out, item->product[0] ? ", " : "");
    text_add_html(out, item->title);
    text_add(out, item->style[0] ? ", " : "");
    text_add_html(out, item->style);
}

void review_page_add_item(const struct review_item *item, struct text *out)
{
    static const char *const widths[] = { "", "", " two", " three", " many" };

    text_printf(out, "<article class=\"item%s%s\" id=\"i%d\" data-item=\"%d\"",
                item->count < 5 ? widths[item->count] : " many", shape_of(item), item->number,
                item->number);
    add_attribute(out, "data-type", item->kind);
    text_add(out, " data-find=\"");
    text_add_html(out, item->product);
    text_add(out, " ");
    text_add_html(out, item->project);
    text_add(out, " ");
    text_add_html(out, item->source);
    text_add(out, "\" aria-label=\"");
    add_name(item, out);
    text_printf(out, "\">\n<div><h2>%d &nbsp;", item->number);
    text_add_html(out, item->product);
    text_add(out, "</h2><p>");
    text_add_html(out, item->title);
    text_add(out, item->style[0] ? ", " : "");
    text_add_html(out, item->style);
    text_add(out, "</p></div>\n<div class=\"pictures\">\n");
    add_before(item, out);
    for (int i = 0; i < item->count; i++) {
        add_candidate(item, i, out);
    }
    text_add(out, "</div>\n");
    review_rejections_add(item, out);
    text_add(out, "</article>\n");
}
