/* page_table.c - writes tables of a report page and their cells. */
#include "bench/report/page_table.h"

#include <math.h>
#include <stdio.h>

#include "bench/charts/plot.h"
#include "bench/report/report.h"

void page_column(struct page_columns *columns, const char *title, page_cell_fn cell, int which)
{
    columns->of[columns->count++] = (struct page_column){ title, cell, which };
}

static void add_name(const struct page_row *row, struct text *out)
{
    text_printf(out, "<tr><td><i class=\"k-%s\"></i>",
                ink_name((enum ink)(INK_SERIES + row->target % PLOT_SERIES)));
    if (row->href) {
        text_add(out, "<a href=\"");
        text_add_html(out, row->href);
        text_add(out, "\">");
        text_add_html(out, row->name);
        text_add(out, "</a></td>");
    } else {
        text_add_html(out, row->name);
        text_add(out, "</td>");
    }
}

void page_table(const struct page_row *rows, int count, const struct page_columns *columns,
                struct text *out)
{
    text_add(out, "<div class=\"card\"><table><thead><tr><th>target</th>");
    for (int i = 0; i < columns->count; i++) {
        text_printf(out, "<th>%s</th>", columns->of[i].title);
    }
    text_add(out, "</tr></thead>\n");
    for (int i = 0; i < count; i++) {
        if (columns->images_only && rows[i].summary->target->task == TASK_TEXT) {
            continue;
        }
        add_name(&rows[i], out);
        for (int j = 0; j < columns->count; j++) {
            text_printf(out, "<td data-of=\"%s\"><span>", columns->of[j].title);
            columns->of[j].cell(rows[i].summary, columns->of[j].which, out);
            text_add(out, "</span></td>");
        }
        text_add(out, "</tr>\n");
    }
    text_add(out, "</table></div>\n");
}

/* -- cells ------------------------------------------------------------------------------------- */

static void add_seconds(double seconds, struct text *out)
{
    char label[24];

    text_add(out, report_seconds(seconds, label));
}

static void add_usd(double usd, struct text *out)
{
    if (isfinite(usd)) {
        text_printf(out, "%.4f", usd);
    } else {
        text_add(out, "-");
    }
}

void write_accepted_cell(const struct target_summary *summary, int which, struct text *out)
{
    (void)which;
    text_printf(out, "%zu of %zu", summary->seconds.accepted, summary->seconds.answers);
}

static void add_yield(double value, bool is_usd, struct text *out)
{
    if (is_usd) {
        add_usd(value, out);
    } else {
        add_seconds(value, out);
    }
}

void write_yield_cell(const struct target_summary *summary, int which, struct text *out)
{
    const struct yield_totals *totals = which ? &summary->usd : &summary->seconds;
    struct interval interval = yield_interval(totals, 0.95);

    if (totals->accepted == 0 || (which && summary->usd_unknown)) {
        text_add(out, totals->accepted == 0 ? "none" : "unknown");
        return;
    }
    add_yield(yield_per_accepted(totals), which, out);
    if (interval.known) {
        text_add(out, "<small>");
        add_yield(interval.low, which, out);
        text_add(out, " to ");
        add_yield(interval.high, which, out);
        text_add(out, "</small>");
    } else {
        text_add(out, "<small>too few for an interval</small>");
    }
}

void write_usable_cell(const struct target_summary *summary, int which, struct text *out)
{
    (void)which;
    text_printf(out, "%zu of %zu", summary->count, summary->issued);
}

/* Without an interval a percentile is unreliable: writes a dash and how many answers are missing.
 */
void write_percentile_cell(const struct target_summary *summary, int which, struct text *out)
{
    const struct interval *interval = &summary->intervals[which];
    size_t needed = percentile_min_count(summary_percentiles[which], 0.95);
    char low[24], high[24];

    if (interval->known) {
        add_seconds(summary->percentiles[which], out);
        text_printf(out, "<small>%s to %s</small>", report_seconds(interval->low, low),
                    report_seconds(interval->high, high));
        return;
    }
    text_printf(out, "-<small>%zu more", needed > summary->count ? needed - summary->count : 0);
    if (isfinite(summary->usd_per_usable) && summary->usd_per_usable > 0) {
        text_printf(out, ", %.2f USD", (double)(needed - summary->count) * summary->usd_per_usable);
    }
    text_add(out, "</small>");
}

void write_stats_cell(const struct target_summary *summary, int which, struct text *out)
{
    const double values[] = { summary->stats.mean, summary->stats.standard_deviation,
                              summary->stats.min, summary->stats.max };

    add_seconds(values[which], out);
}

void write_rate_cell(const struct target_summary *summary, int which, struct text *out)
{
    (void)which;
    if (isfinite(summary->rate)) {
        text_printf(out, "%.1f", summary->rate * 60);
    } else {
        text_add(out, "-");
    }
}

void write_cost_cell(const struct target_summary *summary, int which, struct text *out)
{
    add_usd(which ? summary->usd_per_usable : summary->usd_per_answer, out);
}

void write_answer_size_cell(const struct target_summary *summary, int which, struct text *out)
{
    (void)which;
    if (isfinite(summary->bytes)) {
        text_printf(out, summary->bytes < 1e5 ? "%.1f KB" : "%.2f MB",
                    summary->bytes / (summary->bytes < 1e5 ? 1e3 : 1e6));
    } else {
        text_add(out, "-");
    }
}

void write_pack_cell(const struct target_summary *summary, int which, struct text *out)
{
    const struct pack *of = &summary->pack;
    double text = isfinite(of->usd_text) ? of->usd_text : 0;

    if (!of->known) {
        text_add(out, "-");
    } else if (which < 3) {
        add_seconds(which == 0   ? of->concurrent
                    : which == 1 ? of->concurrent_p95
                                 : of->sequential,
                    out);
    } else {
        add_usd(which == 3 ? of->usd : of->usd + text, out);
    }
}

void write_outcome_cell(const struct target_summary *summary, int which, struct text *out)
{
    text_printf(out, summary->outcomes[which] ? "<span class=\"bad\">%zu</span>" : "%zu",
                summary->outcomes[which]);
}

void write_check_cell(const struct target_summary *summary, int which, struct text *out)
{
    if (summary->checked == 0) {
        text_add(out, "-");
    } else {
        text_printf(out,
                    summary->checks_failed[which] ? "<span class=\"bad\">%zu of %zu</span>"
                                                  : "%zu of %zu",
                    summary->checked - summary->checks_failed[which], summary->checked);
    }
}

void write_phase_cell(const struct target_summary *summary, int which, struct text *out)
{
    add_seconds(which < PHASES ? summary->phases[which] : summary->server, out);
}

void write_first_partial_cell(const struct target_summary *summary, int which, struct text *out)
{
    add_seconds(summary->first_partial[which], out);
}

void write_first_request_cell(const struct target_summary *summary, int which, struct text *out)
{
    const double values[] = { summary->first, summary->first_connect, summary->percentiles[0] };

    add_seconds(values[which], out);
}
