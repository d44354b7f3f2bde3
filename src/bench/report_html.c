/* report_html.c - the page of a run: assets/bench/report.html with its body filled. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/embed.h"
#include "bench/chart.h"

enum { BODY_BYTES = 256 << 20 };

static void add_head(const struct report *report, struct text *out)
{
    const struct plan *plan = report->plan;
    const struct standing *standing = report->standing;
    char began[25], label[24];

    clock_format(report->began_wall_ms, began);
    text_printf(out, "<h1>How long images take</h1>\n<p class=\"dim\">%s, %s", began,
                report_seconds((double)standing->ended_us / 1e6, label));
    if (plan->concurrency > 0) {
        text_printf(out, ", %d in flight", plan->concurrency);
    } else {
        text_printf(out, ", %g due a second (%s arrivals)", plan->rate,
                    plan->arrivals == ARRIVALS_EVEN ? "even" : "Poisson");
    }
    text_printf(out, ", %zu requests, seed %llu", report->samples->count,
                (unsigned long long)plan->seed);
    if (!standing->spent_unknown) {
        text_printf(out, ", %.4f USD spent", (double)standing->spent / 1e6);
    }
    text_add(out, "</p>\n");
    if (standing->stopped_why) {
        text_add(out, "<p class=\"bad\">Stopped early: ");
        text_add_html(out, standing->stopped_why);
        text_add(out, ".</p>\n");
    }
    if (report->command[0]) {
        text_add(out, "<p><code>");
        text_add_html(out, report->command);
        text_add(out, "</code></p>\n");
    }
}

static void add_percentile(const struct tally *tally, int i, struct text *out)
{
    const struct interval *interval = &tally->intervals[i];
    char value[24], low[24], high[24];

    text_printf(out, "<td>%s", report_seconds(tally->percentiles[i], value));
    if (interval->known) {
        text_printf(out, "<small>%s to %s</small>", report_seconds(interval->low, low),
                    report_seconds(interval->high, high));
    } else {
        text_printf(out, "<small>needs n=%zu</small>",
                    percentile_least_count(tally_shares[i], 0.95));
    }
    text_add(out, "</td>");
}

static void add_usd(double usd, struct text *out)
{
    if (isfinite(usd)) {
        text_printf(out, "<td>%.4f</td>", usd);
    } else {
        text_add(out, "<td>-</td>");
    }
}

static void add_table(const struct report *report, struct text *out)
{
    static const int shown[] = { 0, 2, 3, 4 };

    text_add(out, "<div class=\"card\"><table><tr><th>target</th><th>usable</th>");
    for (int i = 0; i < 4; i++) {
        text_printf(out, "<th>%s</th>", tally_share_names[shown[i]]);
    }
    text_add(out, "<th>mean</th><th>a minute</th><th>USD each</th></tr>\n");
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *tally = &report->tallies[i];
        char mean[24];

        text_printf(out, "<tr><td><i class=\"k-%s\"></i>",
                    ink_name((enum ink)(INK_SERIES + i % PLOT_SERIES)));
        text_add_html(out, tally->target->name);
        text_printf(out, "</td><td>%zu of %zu</td>", tally->count, tally->issued);
        for (int j = 0; j < 4; j++) {
            add_percentile(tally, shown[j], out);
        }
        text_printf(out, "<td>%s</td>", report_seconds(tally->summary.mean, mean));
        if (isfinite(tally->rate)) {
            text_printf(out, "<td>%.1f</td>", tally->rate * 60);
        } else {
            text_add(out, "<td>-</td>");
        }
        add_usd(tally->usd_a_usable, out);
        text_add(out, "</tr>\n");
    }
    text_add(out, "</table></div>\n<p class=\"dim\">From when a request was due until its image "
                  "was decoded and checked; usable answers alone. Below each figure: its 95 % "
                  "interval, by order statistics.</p>\n");
}

static void add_verdicts(const struct report *report, struct text *out)
{
    struct text lines;

    if (report->plan->target_count < 2) {
        return;
    }
    text_begin(&lines, 1 << 20);
    report_verdicts(report, &lines);
    text_add(out, "<h2>Compared</h2><ul class=\"card plain\">");
    for (char *saved = NULL, *line = strtok_r(lines.data, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        text_add(out, "<li>");
        text_add_html(out, line);
        text_add(out, "</li>");
    }
    text_add(out, "</ul>\n");
    text_end(&lines);
}

static void add_failures(const struct report *report, struct text *out)
{
    bool any = false;

    for (int i = 0; i < report->plan->target_count; i++) {
        for (int j = OUTCOME_OK + 1; j < OUTCOMES; j++) {
            size_t count = report->tallies[i].outcomes[j];

            if (count == 0) {
                continue;
            }
            text_add(out, any ? "" : "<h2>What failed</h2><ul class=\"card plain\">");
            any = true;
            text_printf(out, "<li>%zu %s: ", count, outcome_names[j]);
            text_add_html(out, report->tallies[i].target->name);
            text_add(out, "</li>");
        }
    }
    text_add(out, any ? "</ul>\n" : "");
}

static void add_figure(const struct sample *sample, struct text *out)
{
    struct blob letters;
    struct error ignored;
    char label[24];

    if (!base64_encode(sample->thumbnail.data, sample->thumbnail.size, &letters, &ignored)) {
        return;
    }
    text_add(out, "<figure><img alt=\"\" src=\"data:image/jpeg;base64,");
    text_add_bytes(out, letters.data, letters.size);
    text_printf(out, "\"><figcaption>%s",
                report_seconds((double)sample_usable_us(sample) / 1e6, label));
    if (sample->outcome != OUTCOME_OK) {
        text_add(out, ", <span class=\"bad\">");
        text_add_html(out, sample->error);
        text_add(out, "</span>");
    }
    if (sample->cost_microusd >= 0) {
        text_printf(out, ", %.4f USD", (double)sample->cost_microusd / 1e6);
    }
    text_printf(out, ", %dx%d</figcaption></figure>\n", sample->width, sample->height);
    blob_free(&letters);
}

/* A strip a target; the same prompt stands at the same place in each. */
static void add_gallery(const struct report *report, struct text *out)
{
    const struct samples *samples = report->samples;
    bool any = false;

    for (int target = 0; target < report->plan->target_count; target++) {
        bool open = false;

        for (int block = 0; block < report->plan->thumbnails; block++) {
            for (size_t i = 0; i < samples->count; i++) {
                const struct sample *sample = &samples->rows[i];

                if (sample->turn.target != target || sample->turn.block != block ||
                    sample->thumbnail.size == 0) {
                    continue;
                }
                text_add(out, any ? "" : "<h2>What was made</h2>\n");
                if (!open) {
                    text_add(out, "<p>");
                    text_add_html(out, report->plan->targets[target].name);
                    text_add(out, "</p><div class=\"strip\">");
                }
                any = open = true;
                add_figure(sample, out);
            }
        }
        text_add(out, open ? "</div>\n" : "");
    }
}

static void add_body(const struct report *report, struct text *out)
{
    add_head(report, out);
    text_add(out, "<h2>Time to a usable image</h2>\n");
    add_table(report, out);
    add_verdicts(report, out);
    for (int i = 0; i < CHARTS; i++) {
        chart_html(report, &charts[i], out);
    }
    add_failures(report, out);
    add_gallery(report, out);
}

/* The page up to a place that is to be filled; moves behind it. */
static bool add_until(const char **page, const char *place, struct text *out)
{
    const char *at = *page ? strstr(*page, place) : NULL;

    if (at) {
        text_add_bytes(out, *page, (size_t)(at - *page));
        *page = at + strlen(place);
    }
    return at != NULL;
}

bool report_html(const struct report *report, struct text *out, struct error *err)
{
    const struct embedded *file = embed_find("assets/bench/report.html");
    const char *page = file ? (const char *)file->data : NULL;

    if (!add_until(&page, "{{inks}}", out)) {
        return error_set(err, ERROR_INTERNAL, "the report's page is not in the program");
    }
    plot_inks(out);
    if (!add_until(&page, "{{body}}", out)) {
        return error_set(err, ERROR_INTERNAL, "the report's page has no body");
    }
    add_body(report, out);
    text_add(out, page);
    return true;
}
