/* chart_phases.c - mean time of each phase of usable answers: one bar per target. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

enum { BAR = 24, STEP = 56 };

static void add_bar(struct plot *plot, const struct target_summary *summary, double top, double max)
{
    double x = 0;
    char value[24], label[64];
    struct point at = { 0, top + 13 };

    snprintf(label, sizeof label, "mean time to usable %s",
             report_seconds(summary->stats.mean, value));
    plot_label(plot, at, ANCHOR_START, INK_STRONG,
               plot_fit(plot, summary->target->name,
                        plot->width - plot_text_width(label) - PLOT_TEXT * 2));
    plot_label(plot, (struct point){ plot->width, at.y }, ANCHOR_END, INK_DIM, label);
    for (int i = 0; i < PHASES && summary->count > 0; i++) {
        double width = fmax(summary->phases[i] / max * plot->width, 0);

        snprintf(label, sizeof label, "%s: %s", phase_names[i],
                 report_seconds(summary->phases[i], value));
        plot_bar(plot, (struct point){ x, top + 20 }, (struct point){ x + width, top + 20 + BAR },
                 (enum ink)(INK_STAGE + i), label);
        x += width;
    }
}

struct plot *chart_phases(const struct report *report, int width, const char *title)
{
    int count = report->plan->target_count;
    double max = 0, legend = legend_height(phase_names, PHASES, width);
    struct plot *plot;

    for (int i = 0; i < count; i++) {
        double sum = 0;

        for (int j = 0; j < PHASES; j++) {
            sum += isnan(report->summaries[i].phases[j]) ? 0 : report->summaries[i].phases[j];
        }
        max = fmax(max, sum);
    }
    if (max <= 0) {
        return NULL;
    }
    plot = plot_new(width, (int)legend + 8 + count * STEP, title);
    legend_add(plot, phase_names, PHASES, INK_STAGE);
    for (int i = 0; i < count; i++) {
        add_bar(plot, &report->summaries[i], legend + 8 + i * STEP, max);
    }
    return plot;
}
