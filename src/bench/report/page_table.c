/* page_table.c - a table of the page, and the cells that figures stand in. */
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
        if (columns->images && rows[i].tally->target->task == TASK_TEXT) {
            continue;
        }
        add_name(&rows[i], out);
        for (int j = 0; j < columns->count; j++) {
            text_printf(out, "<td data-of=\"%s\"><span>", columns->of[j].title);
            columns->of[j].cell(rows[i].tally, columns->of[j].which, out);
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

void cell_usable(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    text_printf(out, "%zu of %zu", tally->count, tally->issued);
}

/* A percentile without an interval would be a guess: a dash, and what it would take. */
void cell_percentile(const struct tally *tally, int which, struct text *out)
{
    const struct interval *interval = &tally->intervals[which];
    size_t least = percentile_least_count(tally_shares[which], 0.95);
    char low[24], high[24];

    if (interval->known) {
        add_seconds(tally->percentiles[which], out);
        text_printf(out, "<small>%s to %s</small>", report_seconds(interval->low, low),
                    report_seconds(interval->high, high));
        return;
    }
    text_printf(out, "-<small>%zu more", least > tally->count ? least - tally->count : 0);
    if (isfinite(tally->usd_a_usable) && tally->usd_a_usable > 0) {
        text_printf(out, ", %.2f USD", (double)(least - tally->count) * tally->usd_a_usable);
    }
    text_add(out, "</small>");
}

void cell_around(const struct tally *tally, int which, struct text *out)
{
    const double values[] = { tally->summary.mean, tally->summary.deviation, tally->summary.least,
                              tally->summary.most };

    add_seconds(values[which], out);
}

void cell_rate(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    if (isfinite(tally->rate)) {
        text_printf(out, "%.1f", tally->rate * 60);
    } else {
        text_add(out, "-");
    }
}

void cell_price(const struct tally *tally, int which, struct text *out)
{
    add_usd(which ? tally->usd_a_usable : tally->usd_an_answer, out);
}

void cell_body(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    if (isfinite(tally->bytes)) {
        text_printf(out, tally->bytes < 1e5 ? "%.1f KB" : "%.2f MB",
                    tally->bytes / (tally->bytes < 1e5 ? 1e3 : 1e6));
    } else {
        text_add(out, "-");
    }
}

void cell_pack(const struct tally *tally, int which, struct text *out)
{
    const struct pack *of = &tally->pack;
    double text = isfinite(of->usd_text) ? of->usd_text : 0;

    if (!of->known) {
        text_add(out, "-");
    } else if (which < 3) {
        add_seconds(which == 0 ? of->at_once : which == 1 ? of->at_once_p95 : of->in_turn, out);
    } else {
        add_usd(which == 3 ? of->usd : of->usd + text, out);
    }
}

void cell_class(const struct tally *tally, int which, struct text *out)
{
    text_printf(out, tally->outcomes[which] ? "<span class=\"bad\">%zu</span>" : "%zu",
                tally->outcomes[which]);
}

void cell_check(const struct tally *tally, int which, struct text *out)
{
    if (tally->looked == 0) {
        text_add(out, "-");
    } else {
        text_printf(out,
                    tally->looks_failed[which] ? "<span class=\"bad\">%zu of %zu</span>"
                                               : "%zu of %zu",
                    tally->looked - tally->looks_failed[which], tally->looked);
    }
}

void cell_phase(const struct tally *tally, int which, struct text *out)
{
    add_seconds(which < PHASES ? tally->phases[which] : tally->server, out);
}

void cell_first_partial(const struct tally *tally, int which, struct text *out)
{
    add_seconds(tally->first_partial[which], out);
}

void cell_first(const struct tally *tally, int which, struct text *out)
{
    const double values[] = { tally->first, tally->first_connect, tally->percentiles[0] };

    add_seconds(values[which], out);
}
