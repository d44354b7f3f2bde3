/* report_page.h - the parts of a report page. Texts from users, models and servers are escaped. The
 * page needs no script. */
#ifndef BENCH_REPORT_REPORT_PAGE_H
#define BENCH_REPORT_REPORT_PAGE_H
#include "bench/report/report.h"

/* Seconds and USD per accepted image, or usable answer, of each target. */
void page_headline(const struct report *report, struct text *out);
void page_tables(const struct report *report, struct text *out); /* percentiles, mean and cost */
void page_packs(const struct report *report, struct text *out);
void page_quality(const struct report *report, struct text *out); /* outcomes, checks, errors */
void page_phases(const struct report *report, struct text *out);  /* as a table */
void page_first(const struct report *report,
                struct text *out); /* first request against the median */
void page_gallery(const struct report *report, struct text *out);

/* Writes a heading and a list with an item per line, escaped; nothing if there are no lines.
 * Modifies `lines`. */
void page_lines(const char *heading, char *lines, struct text *out);
/* Writes a page; `body` writes its content. */
bool page_make(void (*body)(const void *context, struct text *out), const void *context,
               struct text *out, struct error *err) MUST_CHECK;
void page_paragraph(const char *class, const char *sentence, struct text *out); /* escaped */
#endif
