/* report_page.h - the parts of a run's page. What comes from people, models and servers is escaped;
 * nothing on it needs a script. */
#ifndef BENCH_REPORT_REPORT_PAGE_H
#define BENCH_REPORT_REPORT_PAGE_H
#include "bench/report/report.h"

void page_tables(const struct report *report, struct text *out); /* figures, and around them */
void page_packs(const struct report *report, struct text *out);
void page_quality(const struct report *report, struct text *out); /* classes, checks, errors */
void page_phases(const struct report *report, struct text *out);  /* in figures */
void page_first(const struct report *report, struct text *out);   /* cold against warm */
void page_gallery(const struct report *report, struct text *out);

/* A list under a heading, a line each, escaped; nothing where there is none. Cuts `lines` up. */
void page_lines(const char *heading, char *lines, struct text *out);
/* The page around a body. */
bool page_make(void (*body)(const void *context, struct text *out), const void *context,
               struct text *out, struct error *err) MUST_CHECK;
void page_paragraph(const char *class, const char *words, struct text *out); /* escaped */
#endif
