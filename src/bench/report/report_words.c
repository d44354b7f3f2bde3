/* report_words.c - formats durations and finds error texts, for the terminal and the page. */
#include <math.h>
#include <stdio.h>

#include "bench/report/report.h"
#include "bench/report/report_page.h"

const char *report_seconds(double seconds, char out[24])
{
    if (isnan(seconds)) {
        return "-";
    }
    snprintf(out, 24,
             seconds < 0.0995   ? "%.1f ms"
             : seconds < 0.9995 ? "%.0f ms"
             : seconds < 9.995  ? "%.2f s"
                                : "%.1f s",
             seconds < 0.9995 ? seconds * 1000 : seconds);
    return out;
}

const char *report_reason(const struct report *report, int target, enum outcome outcome)
{
    for (size_t i = 0; i < report->samples->count; i++) {
        const struct sample *sample = &report->samples->rows[i];

        if (sample->entry.target == target && sample->outcome == outcome && sample->error[0]) {
            return sample->error;
        }
    }
    return "";
}

const char *report_unit(const struct report *report, const struct target *target)
{
    return target->task == TASK_TEXT       ? "usable answer"
           : report->plan->workload->packs ? "accepted image"
                                           : "usable image";
}

void page_paragraph(const char *class, const char *sentence, struct text *out)
{
    text_printf(out, "<p class=\"%s\">", class);
    text_add_html(out, sentence);
    text_add(out, "</p>\n");
}
