/* report_tables.c - tables of the page: a row a target. On a phone each row is a list. */
#include <math.h>
#include <stdio.h>

#include "bench/plot.h"
#include "bench/report_page.h"

enum { COLUMNS_MAX = 16 };

struct column {
    const char *title;
    void (*cell)(const struct tally *tally, int which, struct text *out);
    int which;
};

struct columns {
    struct column of[COLUMNS_MAX];
    int count;
    bool images; /* leaves text targets out */
};

static void table(const struct report *report, const struct columns *columns, struct text *out)
{
    text_add(out, "<div class=\"card\"><table><thead><tr><th>target</th>");
    for (int i = 0; i < columns->count; i++) {
        text_printf(out, "<th>%s</th>", columns->of[i].title);
    }
    text_add(out, "</tr></thead>\n");
    for (int i = 0; i < report->plan->target_count; i++) {
        if (columns->images && report->plan->targets[i].task == TASK_TEXT) {
            continue;
        }
        text_printf(out, "<tr><td><i class=\"k-%s\"></i>",
                    ink_name((enum ink)(INK_SERIES + i % PLOT_SERIES)));
        text_add_html(out, report->tallies[i].target->name);
        text_add(out, "</td>");
        for (int j = 0; j < columns->count; j++) {
            text_printf(out, "<td data-of=\"%s\"><span>", columns->of[j].title);
            columns->of[j].cell(&report->tallies[i], columns->of[j].which, out);
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

static void usable(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    text_printf(out, "%zu of %zu", tally->count, tally->issued);
}

/* A percentile without an interval would be a guess: a dash, and what it would take. */
static void percentile(const struct tally *tally, int which, struct text *out)
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

static void around(const struct tally *tally, int which, struct text *out)
{
    const double values[] = { tally->summary.mean, tally->summary.deviation, tally->summary.least,
                              tally->summary.most };

    add_seconds(values[which], out);
}

static void rate(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    if (isfinite(tally->rate)) {
        text_printf(out, "%.1f", tally->rate * 60);
    } else {
        text_add(out, "-");
    }
}

static void price(const struct tally *tally, int which, struct text *out)
{
    add_usd(which ? tally->usd_a_usable : tally->usd_an_answer, out);
}

static void body(const struct tally *tally, int which, struct text *out)
{
    (void)which;
    if (isfinite(tally->bytes)) {
        text_printf(out, tally->bytes < 1e5 ? "%.1f KB" : "%.2f MB",
                    tally->bytes / (tally->bytes < 1e5 ? 1e3 : 1e6));
    } else {
        text_add(out, "-");
    }
}

static void pack(const struct tally *tally, int which, struct text *out)
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

static void class(const struct tally *tally, int which, struct text *out)
{
    text_printf(out, tally->outcomes[which] ? "<span class=\"bad\">%zu</span>" : "%zu",
                tally->outcomes[which]);
}

static void check(const struct tally *tally, int which, struct text *out)
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

static void phase(const struct tally *tally, int which, struct text *out)
{
    add_seconds(which < PHASES ? tally->phases[which] : tally->server, out);
}

static void first_partial(const struct tally *tally, int which, struct text *out)
{
    add_seconds(tally->first_partial[which], out);
}

static void first(const struct tally *tally, int which, struct text *out)
{
    const double values[] = { tally->first, tally->first_connect, tally->percentiles[0] };

    add_seconds(values[which], out);
}

/* -- tables ------------------------------------------------------------------------------------ */

static void add(struct columns *columns, const char *title,
                void (*cell)(const struct tally *, int, struct text *), int which)
{
    columns->of[columns->count++] = (struct column){ title, cell, which };
}

void page_tables(const struct report *report, struct text *out)
{
    struct columns columns = { .count = 0 };

    add(&columns, "usable", usable, 0);
    for (int i = 0; i < TALLY_SHARES; i++) {
        add(&columns, tally_share_names[i], percentile, i);
    }
    table(report, &columns, out);
    page_paragraph("dim",
                   "From when a request was due until its answer was read, decoded and "
                   "checked; usable answers alone. Below each percentile its 95 % interval "
                   "by order statistics; a dash where there are too few answers for one, "
                   "and how many more it takes.",
                   out);
    columns.count = 0;
    add(&columns, "mean", around, 0);
    add(&columns, "deviation", around, 1);
    add(&columns, "least", around, 2);
    add(&columns, "most", around, 3);
    add(&columns, "usable a minute", rate, 0);
    add(&columns, "USD an answer", price, 0);
    add(&columns, "USD a usable one", price, 1);
    add(&columns, "answer", body, 0);
    table(report, &columns, out);
}

void page_packs(const struct report *report, struct text *out)
{
    struct columns columns = { .images = true };
    bool any = false, text = false;

    for (int i = 0; i < report->plan->target_count; i++) {
        any |= report->tallies[i].pack.known;
        text |= isfinite(report->tallies[i].pack.usd_text);
    }
    if (!any) {
        return;
    }
    text_add(out, "<h2>A pack of six images</h2>\n");
    add(&columns, "six at once", pack, 0);
    add(&columns, "one in twenty over", pack, 1);
    add(&columns, "one after the other", pack, 2);
    add(&columns, "USD", pack, 3);
    if (text) {
        add(&columns, "USD with text", pack, 4);
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
            text_add_html(out, report->tallies[i].target->name);
            text_printf(out, ": %zu %s, the first: ", report->tallies[i].outcomes[j],
                        outcome_names[j]);
            text_add_html(out, why);
            text_add(out, "</li>\n");
        }
    }
    text_add(out, any ? "</ul>\n" : "");
}

void page_quality(const struct report *report, struct text *out)
{
    struct columns columns = { .count = 0 };
    size_t sums[OUTCOMES] = { 0 }, looked = 0;

    for (int i = 0; i < report->plan->target_count; i++) {
        looked += report->tallies[i].looked;
        for (int j = 0; j < OUTCOMES; j++) {
            sums[j] += report->tallies[i].outcomes[j];
        }
    }
    text_add(out, "<h2>How many were usable</h2>\n");
    add(&columns, "usable", usable, 0);
    for (int j = OUTCOME_OK + 1; j < OUTCOMES; j++) {
        if (sums[j] > 0) {
            add(&columns, outcome_names[j], class, j);
        }
    }
    table(report, &columns, out);
    columns = (struct columns){ .images = true };
    for (int i = 0; i < LOOKS; i++) {
        add(&columns, looks[i].wish.check, check, i);
    }
    if (looked > 0) {
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
    struct columns columns = { .count = 0 };
    bool streams = false;

    for (int i = 0; i < PHASES; i++) {
        add(&columns, phase_names[i], phase, i);
    }
    add(&columns, "server says", phase, PHASES);
    for (int i = 0; i < report->plan->target_count; i++) {
        streams |= report->plan->targets[i].partial_images > 0;
    }
    if (streams) {
        add(&columns, "first partial p50", first_partial, 0);
        add(&columns, "p95", first_partial, 1);
    }
    table(report, &columns, out);
}

void page_first(const struct report *report, struct text *out)
{
    struct columns columns = { .count = 0 };

    text_add(out, "<h2>The first request</h2>\n");
    add(&columns, "first", first, 0);
    add(&columns, "until connected", first, 1);
    add(&columns, "p50 of all", first, 2);
    table(report, &columns, out);
    page_paragraph("dim",
                   "The first request finds nothing warm: no name looked up, no connection, "
                   "perhaps no model. It is one answer, and proves little.",
                   out);
}
