/* chart.c - percentile curves, the run over time, and bars of phases. */
#include "bench/chart.h"

#include <math.h>

enum { WIDTH = 1100, HEIGHT = 360, LEFT = 64, RIGHT = 16, TOP = 12, BOTTOM = 34 };
enum { BAR = 26, BAR_STEP = 54, POINTS = 240, DOTS_MOST = 20000 };

struct scale { /* logarithmic, seconds to pixels */
    double low, high;
};

static double up(const struct scale *scale, double seconds)
{
    double share = log(fmax(seconds, scale->low) / scale->low) / log(scale->high / scale->low);

    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
}

/* From the least to the most of what is drawn, in steps of 1, 2, 5. */
static struct scale scale_of(double least, double most)
{
    struct scale scale = { 1e-4, 1e-3 };
    static const double steps[] = { 1, 2, 5 };

    for (int i = 0; i < 24; i++) {
        double at = steps[i % 3] * pow(10, i / 3 - 4);

        if (at <= least) {
            scale.low = at;
        }
        scale.high = at;
        if (at >= most && at > scale.low) {
            break;
        }
    }
    return scale;
}

static void begin(struct text *out, int height, const char *what)
{
    text_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, height,
                what);
}

static void rungs(struct text *out, const struct scale *scale)
{
    static const double steps[] = { 1, 2, 5 };
    char label[24];

    for (int i = 0; i < 24; i++) {
        double at = steps[i % 3] * pow(10, i / 3 - 4);

        if (at < scale->low * 0.999 || at > scale->high * 1.001) {
            continue;
        }
        text_printf(out,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    LEFT, WIDTH - RIGHT, up(scale, at), up(scale, at), LEFT - 8, up(scale, at) + 4,
                    report_seconds(at, label));
    }
}

/* -- percentiles ------------------------------------------------------------------------------- */

static double across(double share) /* 0 at the left, 99.9 % at the right */
{
    return LEFT + fmin(-log10(1 - share), 3) / 3 * (WIDTH - LEFT - RIGHT);
}

static void extremes(const struct report *report, double *least, double *most)
{
    *least = INFINITY;
    *most = 0;
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *tally = &report->tallies[i];

        if (tally->count > 0) {
            *least = fmin(*least, tally->summary.least);
            *most = fmax(*most, tally->summary.most);
        }
    }
}

void chart_percentiles(const struct report *report, struct text *out)
{
    static const double marks[] = { 0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999 };
    struct scale scale;
    double least, most;

    extremes(report, &least, &most);
    if (most <= 0) {
        return;
    }
    scale = scale_of(least, most);
    begin(out, HEIGHT, "Latency over the share of answers");
    rungs(out, &scale);
    for (int i = 0; i < 7; i++) {
        text_printf(out,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s%g</text>\n",
                    across(marks[i]), across(marks[i]), TOP, HEIGHT - BOTTOM, across(marks[i]),
                    HEIGHT - 12, i == 6 ? "end" : "middle", i ? "p" : "", marks[i] * 100);
    }
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *tally = &report->tallies[i];

        if (tally->count == 0) {
            continue;
        }
        text_printf(out, "<polyline class=\"curve s%d\" points=\"", i % CHART_COLOURS);
        for (int j = 0; j <= POINTS; j++) {
            double share = 1 - pow(10, -3.0 * j / POINTS);

            if (j > 0 && share > 1 - 0.5 / (double)tally->count) {
                break; /* past the last sample a curve would be drawn of nothing */
            }
            text_printf(out, "%.1f,%.1f ", across(share),
                        up(&scale, percentile_of(tally->usable, tally->count, fmax(share, 1e-9))));
        }
        text_add(out, "\"/>\n");
    }
    text_add(out, "</svg>\n");
}

/* -- over time --------------------------------------------------------------------------------- */

static double took(const struct sample *sample)
{
    return (double)(sample->outcome == OUTCOME_OK ? sample_usable_us(sample)
                                                  : sample->ended_us - sample->due_us) /
           1e6;
}

void chart_timeline(const struct report *report, struct text *out)
{
    const struct samples *samples = report->samples;
    double length = fmax((double)report->standing->ended_us / 1e6, 1e-3), least = INFINITY;
    double most = 0;
    size_t every = samples->count / DOTS_MOST + 1;
    struct scale scale;
    char label[24];

    for (size_t i = 0; i < samples->count; i++) {
        double seconds = took(&samples->rows[i]);

        if (seconds > 0) {
            least = fmin(least, seconds);
            most = fmax(most, seconds);
        }
    }
    if (most <= 0) {
        return;
    }
    scale = scale_of(least, most);
    begin(out, HEIGHT, "Latency over the time of the run");
    rungs(out, &scale);
    for (int i = 0; i <= 5; i++) {
        text_printf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
                    LEFT + i / 5.0 * (WIDTH - LEFT - RIGHT), HEIGHT - 12, i == 5 ? "end" : "middle",
                    i ? report_seconds(length * i / 5, label) : "begin");
    }
    for (size_t i = 0; i < samples->count; i += every) {
        const struct sample *sample = &samples->rows[i];
        double x = LEFT + (double)sample->due_us / 1e6 / length * (WIDTH - LEFT - RIGHT);

        if (sample->outcome == OUTCOME_OK) {
            text_printf(out,
                        "<circle class=\"f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\" "
                        "opacity=\".7\"/>",
                        sample->turn.target % CHART_COLOURS, x, up(&scale, took(sample)));
        } else {
            text_printf(out,
                        "<circle class=\"miss\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.4\"><title>%s"
                        "</title></circle>",
                        x, up(&scale, took(sample)), outcome_names[sample->outcome]);
        }
    }
    text_add(out, "</svg>\n");
}

/* -- phases ------------------------------------------------------------------------------------ */

void chart_phases(const struct report *report, struct text *out)
{
    int count = report->plan->target_count, height = count * BAR_STEP + 8;
    double most = 0;
    char label[24];

    for (int i = 0; i < count; i++) {
        most = fmax(most,
                    isnan(report->tallies[i].summary.mean) ? 0 : report->tallies[i].summary.mean);
    }
    if (most <= 0) {
        return;
    }
    begin(out, height, "Where the time went");
    for (int i = 0; i < count; i++) {
        const struct tally *tally = &report->tallies[i];
        double x = 0;

        text_add(out, "<text x=\"0\" y=\"");
        text_printf(out, "%d\">", i * BAR_STEP + 14);
        text_add_html(out, tally->target->name);
        text_printf(out, ", mean %s</text>", report_seconds(tally->summary.mean, label));
        for (int j = 0; j < PHASES && tally->count > 0; j++) {
            double width = tally->phases[j] / most * WIDTH;

            text_printf(out,
                        "<rect class=\"f%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">"
                        "<title>%s: %s</title></rect>",
                        j % CHART_COLOURS, x, i * BAR_STEP + 20, fmax(width, 0), BAR,
                        phase_names[j], report_seconds(tally->phases[j], label));
            x += width;
        }
        text_add_char(out, '\n');
    }
    text_add(out, "</svg>\n<p class=\"key\">");
    for (int j = 0; j < PHASES; j++) {
        text_printf(out, "<span><i class=\"k%d\"></i>%s</span>", j % CHART_COLOURS, phase_names[j]);
    }
    text_add(out, "</p>\n");
}
