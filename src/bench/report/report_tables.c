/* report_tables.c - the tables of a report page. */
#include <math.h>
#include <string.h>

#include "bench/report/page_table.h"
#include "bench/report/report_page.h"

static void table(const struct report *report, const struct page_columns *columns, struct text *out)
{
    struct page_row rows[TARGETS_MAX];
    int count = report->plan->target_count;

    for (int i = 0; i < count; i++) {
        rows[i] = (struct page_row){ .name = report->plan->targets[i].name,
                                     .target = i,
                                     .summary = &report->summaries[i] };
    }
    page_table(rows, count, columns, out);
}

void page_headline(const struct report *report, struct text *out)
{
    const char *unit = report_unit(report, &report->plan->targets[0]);
    struct page_columns columns = { .count = 0 };
    bool packs = report->plan->workload->packs;

    for (int i = 1; i < report->plan->target_count; i++) {
        if (strcmp(unit, report_unit(report, &report->plan->targets[i])) != 0) {
            unit = packs ? "accepted answer" : "usable answer"; /* images and texts */
        }
    }
    text_printf(out, "<h2>Per %s</h2>\n<div class=\"lead\">\n", unit);
    page_column(&columns, "time", write_yield_cell, 0);
    page_column(&columns, "USD", write_yield_cell, 1);
    page_column(&columns, packs ? "accepted" : "usable", write_accepted_cell, 0);
    table(report, &columns, out);
    text_add(out, "</div>\n");
    page_paragraph(
        "dim",
        packs ? "Time and cost of all measured requests, failures included, divided by the "
                "accepted images: those that passed the checks that a worker makes before "
                "it stores an image. Below each figure is its 95 % confidence interval."
              : "Time and cost of all measured requests, failures included, divided by the "
                "usable answers. Below each figure is its 95 % confidence interval.",
        out);
}

void page_tables(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };

    page_column(&columns, "usable", write_usable_cell, 0);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        page_column(&columns, summary_percentile_names[i], write_percentile_cell, i);
    }
    table(report, &columns, out);
    page_paragraph("dim",
                   "Time from when a request was due until its answer was parsed, decoded and "
                   "checked. Usable answers only. Below each percentile is its 95 % confidence "
                   "interval. A dash means that there are too few answers for an interval; below "
                   "it is how many more are needed.",
                   out);
    columns.count = 0;
    page_column(&columns, "mean", write_stats_cell, 0);
    page_column(&columns, "std dev", write_stats_cell, 1);
    page_column(&columns, "min", write_stats_cell, 2);
    page_column(&columns, "max", write_stats_cell, 3);
    page_column(&columns, "per minute", write_rate_cell, 0);
    page_column(&columns, "USD/answer", write_cost_cell, 0);
    page_column(&columns, "USD/usable", write_cost_cell, 1);
    page_column(&columns, "size", write_answer_size_cell, 0);
    table(report, &columns, out);
    page_paragraph("dim",
                   "Per minute: usable answers at full load. USD/usable: cost of all requests "
                   "divided by the usable answers. Size: mean size of a response.",
                   out);
}

void page_packs(const struct report *report, struct text *out)
{
    struct page_columns columns = { .images_only = true };
    bool any = false, text = false;

    for (int i = 0; i < report->plan->target_count; i++) {
        any |= report->summaries[i].pack.known;
        text |= isfinite(report->summaries[i].pack.usd_text);
    }
    if (!any) {
        return;
    }
    text_add(out, "<h2>A pack of six images</h2>\n");
    page_column(&columns, "all six at once", write_pack_cell, 0);
    page_column(&columns, "95th percentile", write_pack_cell, 1);
    page_column(&columns, "one by one", write_pack_cell, 2);
    page_column(&columns, "USD", write_pack_cell, 3);
    if (text) {
        page_column(&columns, "USD with text", write_pack_cell, 4);
    }
    table(report, &columns, out);
    page_paragraph("dim",
                   "Simulated from the answers of this run. Failed attempts before a usable answer "
                   "are included, pauses between attempts are not.",
                   out);
}

static void add_errors(const struct report *report, struct text *out)
{
    bool any = false;

    for (int i = 0; i < report->plan->target_count; i++) {
        for (int j = OUTCOME_OK + 1; j < OUTCOMES; j++) {
            const char *why = report_reason(report, i, (enum outcome)j);

            if (!why[0]) {
                continue;
            }
            text_add(out, any ? "" : "<ul class=\"card plain\">\n");
            any = true;
            text_add(out, "<li>");
            text_add_html(out, report->summaries[i].target->name);
            text_printf(out, ": %zu %s, first error: ", report->summaries[i].outcomes[j],
                        outcome_labels[j]);
            text_add_html(out, why);
            text_add(out, "</li>\n");
        }
    }
    text_add(out, any ? "</ul>\n" : "");
}

void page_quality(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };
    size_t sums[OUTCOMES] = { 0 }, checked = 0;

    for (int i = 0; i < report->plan->target_count; i++) {
        checked += report->summaries[i].checked;
        for (int j = 0; j < OUTCOMES; j++) {
            sums[j] += report->summaries[i].outcomes[j];
        }
    }
    text_add(out, "<h2>Outcomes</h2>\n");
    page_column(&columns, "usable", write_usable_cell, 0);
    for (int j = OUTCOME_OK + 1; j < OUTCOMES; j++) {
        if (sums[j] > 0) {
            page_column(&columns, outcome_labels[j], write_outcome_cell, j);
        }
    }
    table(report, &columns, out);
    columns = (struct page_columns){ .images_only = true };
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        page_column(&columns, image_checks[i].limits.check, write_check_cell, i);
    }
    if (checked > 0) {
        page_paragraph("dim",
                       "Checks of the received images. An image that fails dimensions, blank or "
                       "sharpness is not usable. The worker corrects alpha and file_size.",
                       out);
        table(report, &columns, out);
    }
    add_errors(report, out);
}

void page_phases(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };
    bool streams = false;

    for (int i = 0; i < PHASES; i++) {
        page_column(&columns, phase_names[i], write_phase_cell, i);
    }
    page_column(&columns, "server time", write_phase_cell, PHASES);
    for (int i = 0; i < report->plan->target_count; i++) {
        streams |= report->plan->targets[i].partial_images > 0;
    }
    if (streams) {
        page_column(&columns, "first partial p50", write_first_partial_cell, 0);
        page_column(&columns, "first partial p95", write_first_partial_cell, 1);
    }
    table(report, &columns, out);
}

void page_first(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };

    text_add(out, "<h2>First request</h2>\n");
    page_column(&columns, "first request", write_first_request_cell, 0);
    page_column(&columns, "time to connect", write_first_request_cell, 1);
    page_column(&columns, "median of all", write_first_request_cell, 2);
    table(report, &columns, out);
    page_paragraph(
        "dim",
        "The first request includes name lookup and connection setup, and the provider may "
        "have to load the model. It is a single measurement.",
        out);
}
