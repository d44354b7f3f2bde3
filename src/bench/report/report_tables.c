/* report_tables.c - the tables of a run's page. */
#include <math.h>

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

void page_tables(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };

    page_column(&columns, "usable", write_usable_cell, 0);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        page_column(&columns, summary_percentile_names[i], write_percentile_cell, i);
    }
    table(report, &columns, out);
    page_paragraph("dim",
                   "From when a request was due until its answer was read, decoded and "
                   "checked; usable answers alone. Below each percentile its 95 % interval "
                   "by order statistics; a dash where there are too few answers for one, "
                   "and how many more it takes.",
                   out);
    columns.count = 0;
    page_column(&columns, "mean", write_stats_cell, 0);
    page_column(&columns, "deviation", write_stats_cell, 1);
    page_column(&columns, "least", write_stats_cell, 2);
    page_column(&columns, "most", write_stats_cell, 3);
    page_column(&columns, "usable a minute", write_rate_cell, 0);
    page_column(&columns, "USD an answer", write_cost_cell, 0);
    page_column(&columns, "USD a usable one", write_cost_cell, 1);
    page_column(&columns, "answer", write_answer_size_cell, 0);
    table(report, &columns, out);
}

void page_packs(const struct report *report, struct text *out)
{
    struct page_columns columns = { .images = true };
    bool any = false, text = false;

    for (int i = 0; i < report->plan->target_count; i++) {
        any |= report->summaries[i].pack.known;
        text |= isfinite(report->summaries[i].pack.usd_text);
    }
    if (!any) {
        return;
    }
    text_add(out, "<h2>A pack of six images</h2>\n");
    page_column(&columns, "six at once", write_pack_cell, 0);
    page_column(&columns, "one in twenty over", write_pack_cell, 1);
    page_column(&columns, "one after the other", write_pack_cell, 2);
    page_column(&columns, "USD", write_pack_cell, 3);
    if (text) {
        page_column(&columns, "USD with text", write_pack_cell, 4);
    }
    table(report, &columns, out);
    page_paragraph("dim",
                   "Drawn from this run's own answers, tries that failed before the usable "
                   "one included, pauses between tries left out.",
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
            text_printf(out, ": %zu %s, the first: ", report->summaries[i].outcomes[j],
                        outcome_names[j]);
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
    text_add(out, "<h2>How many were usable</h2>\n");
    page_column(&columns, "usable", write_usable_cell, 0);
    for (int j = OUTCOME_OK + 1; j < OUTCOMES; j++) {
        if (sums[j] > 0) {
            page_column(&columns, outcome_names[j], write_outcome_cell, j);
        }
    }
    table(report, &columns, out);
    columns = (struct page_columns){ .images = true };
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        page_column(&columns, image_checks[i].limits.check, write_check_cell, i);
    }
    if (checked > 0) {
        page_paragraph("dim",
                       "Checks of the images that came: dimensions, blank and sharpness "
                       "must hold; the worker mends transparency and large files.",
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
    page_column(&columns, "server says", write_phase_cell, PHASES);
    for (int i = 0; i < report->plan->target_count; i++) {
        streams |= report->plan->targets[i].partial_images > 0;
    }
    if (streams) {
        page_column(&columns, "first partial p50", write_first_partial_cell, 0);
        page_column(&columns, "p95", write_first_partial_cell, 1);
    }
    table(report, &columns, out);
}

void page_first(const struct report *report, struct text *out)
{
    struct page_columns columns = { .count = 0 };

    text_add(out, "<h2>The first request</h2>\n");
    page_column(&columns, "first", write_first_request_cell, 0);
    page_column(&columns, "until connected", write_first_request_cell, 1);
    page_column(&columns, "p50 of all", write_first_request_cell, 2);
    table(report, &columns, out);
    page_paragraph("dim",
                   "The first request finds nothing warm: no name looked up, no connection, "
                   "perhaps no model. It is one answer, and proves little.",
                   out);
}
