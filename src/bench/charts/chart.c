/* chart.c - the table of plots and their common building blocks. */
#include "bench/charts/chart.h"

#include <math.h>
#include <stdio.h>

#include "io/file.h"

const struct chart charts[CHARTS] = {
    { "percentiles", "Percentiles", "Time to a usable answer by percentile",
      "At p90, 90 % of answers were at least this fast. The band is the 95 % confidence interval "
      "of "
      "each percentile; it ends where the sample is too small for an interval.",
      chart_percentiles },
    { "timeline", "Over time", "Latency of each request by the time it was due",
      "Rings are failed requests at the time until failure. Grey dots are the warm-up.",
      chart_timeline },
    { "windows", "Time windows", "Latency, throughput and load during the run",
      "A request belongs to the window in which it was due.", chart_windows },
    { "phases", "Phases", "Mean time of each phase of a usable answer", NULL, chart_phases },
    { "cost", "Latency and cost", "Median time to a usable image by its cost",
      "Cost per usable image, failures included. The line is the 95 % interval of the median. A "
      "ring marks targets for which no other is both faster and cheaper.",
      chart_cost },
};

/* -- output ----------------------------------------------------------------------------- */

void chart_both(const struct plot *wide, const struct plot *narrow, struct text *out)
{
    text_add(out, "<div class=\"card\">\n");
    plot_svg(wide, "wide", out);
    plot_svg(narrow, "slim", out);
    text_add(out, "</div>\n");
}

void chart_html(const struct report *report, const struct chart *chart, struct text *out)
{
    struct plot *wide = chart->draw(report, CHART_WIDE, chart->title);
    struct plot *narrow = wide ? chart->draw(report, CHART_NARROW, chart->title) : NULL;

    if (wide) {
        text_printf(out, "<h2>%s</h2>\n", chart->heading);
        if (chart->caption) {
            text_printf(out, "<p class=\"dim\">%s</p>\n", chart->caption);
        }
        chart_both(wide, narrow, out);
    }
    plot_free(wide);
    plot_free(narrow);
}

bool plot_write(const struct plot *plot, const char *folder, const char *name, struct error *err)
{
    bool good = true;

    for (int dark = 0; good && dark < 2; dark++) {
        struct blob file;
        char path[1200];

        snprintf(path, sizeof path, "%s/%s%s.png", folder, name, dark ? "-dark" : "");
        good = plot_png(plot, dark, &file, err) && file_write(path, file.data, file.size, err);
        blob_free(&file);
    }
    return good;
}

bool charts_write(const struct report *report, const char *folder, struct error *err)
{
    bool good = true;

    for (int i = 0; good && i < CHARTS; i++) {
        struct plot *plot = charts[i].draw(report, CHART_WIDE, charts[i].title);

        good = !plot || plot_write(plot, folder, charts[i].name, err);
        plot_free(plot);
    }
    return good;
}
