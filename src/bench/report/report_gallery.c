/* report_gallery.c - the generated images: one row per prompt, one column per target. */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "bench/report/report_page.h"

enum { PROMPT_SHOWN = 240 };

static void add_image(const struct sample *sample, struct text *out)
{
    struct blob letters;
    struct error ignored;

    if (base64_encode(sample->thumbnail.data, sample->thumbnail.size, &letters, &ignored)) {
        if (sample->image[0]) { /* safe without escaping: keep_image made the name */
            text_printf(out, "<a href=\"%s\">", sample->image);
        }
        text_printf(out, "<img alt=\"answer %d\" src=\"data:image/jpeg;base64,", sample->sequence);
        text_add_bytes(out, letters.data, letters.size);
        text_add(out, sample->image[0] ? "\"></a>" : "\">");
        blob_free(&letters);
    }
}

static void add_flags(const struct sample *sample, struct text *out)
{
    char failed[IMAGE_CHECKS_TEXT];

    if (sample->outcome != OUTCOME_OK) {
        text_printf(out, "<br><span class=\"bad\">%s", outcome_labels[sample->outcome]);
        text_add(out, sample->error[0] ? ": " : "");
        text_add_html(out, sample->error);
        text_add(out, "</span>");
    } else if (sample->checks_failed) {
        text_printf(out, "<br><span class=\"bad\">%s</span>",
                    image_checks_text(sample->checks_failed, failed));
    }
    if (sample->duplicate_of >= 0) {
        text_printf(out, "<br><span class=\"bad\">same image as answer %d</span>",
                    sample->duplicate_of);
    }
}

static void add_cell(const struct sample *sample, struct text *out)
{
    char label[24];

    if (!sample) {
        text_add(out, "<td></td>");
        return;
    }
    text_add(out, "<td>");
    if (sample->thumbnail.size > 0) {
        add_image(sample, out);
    }
    text_add(out, report_seconds((double)sample_usable_us(sample) / 1e6, label));
    if (sample->cost_microusd >= 0) {
        text_printf(out, ", %.4f USD", (double)sample->cost_microusd / 1e6);
    }
    if (sample->width > 0) {
        text_printf(out, ", %dx%d", sample->width, sample->height);
    }
    add_flags(sample, out);
    text_add(out, "</td>");
}

static const struct sample *sample_at(const struct samples *samples, int block, int target)
{
    for (size_t i = 0; i < samples->count; i++) {
        if (samples->rows[i].entry.block == block && samples->rows[i].entry.target == target) {
            return &samples->rows[i];
        }
    }
    return NULL;
}

static void add_prompt(const struct report *report, int prompt, struct text *out)
{
    const char *words = report->plan->workload->prompts[prompt];
    char is_shown[PROMPT_SHOWN + 1];
    size_t size = strnlen(words, PROMPT_SHOWN);

    while (words[size] && size > 0 && ((unsigned char)words[size] & 0xc0) == 0x80) {
        size--; /* do not cut a UTF-8 character */
    }
    snprintf(is_shown, sizeof is_shown, "%.*s", (int)size, words);
    text_add(out, "<th>");
    text_add_html(out, is_shown);
    text_add(out, words[size] ? "\xe2\x80\xa6</th>" : "</th>");
}

static void add_row(const struct report *report, int block, struct text *out)
{
    const struct sample *found[TARGETS_MAX];
    const struct sample *any = NULL;

    for (int i = 0; i < report->plan->target_count; i++) {
        found[i] = sample_at(report->samples, block, i);
        any = found[i] ? found[i] : any;
    }
    if (!any) {
        return;
    }
    text_add(out, "<tr>");
    add_prompt(report, any->entry.prompt, out);
    for (int i = 0; i < report->plan->target_count; i++) {
        if (report->plan->targets[i].task != TASK_TEXT) {
            add_cell(found[i], out);
        }
    }
    text_add(out, "</tr>\n");
}

void page_gallery(const struct report *report, struct text *out)
{
    bool any = false;

    for (size_t i = 0; i < report->samples->count; i++) {
        any |= report->samples->rows[i].thumbnail.size > 0;
    }
    if (!any) {
        return;
    }
    text_add(out,
             "<h2>Generated images</h2>\n<div class=\"card\"><table class=\"gallery\"><thead><tr>"
             "<th>prompt</th>");
    for (int i = 0; i < report->plan->target_count; i++) {
        if (report->plan->targets[i].task != TASK_TEXT) {
            text_add(out, "<th>");
            text_add_html(out, report->plan->targets[i].name);
            text_add(out, "</th>");
        }
    }
    text_add(out, "</tr></thead>\n");
    for (int block = 0; block < report->plan->thumbnails; block++) {
        add_row(report, block, out);
    }
    text_add(out, "</table></div>\n");
}
