/* page_table.h - tables of a report page: one row per target, or per target and level. On narrow
 * screens each row is shown as a list. */
#ifndef BENCH_REPORT_PAGE_TABLE_H
#define BENCH_REPORT_PAGE_TABLE_H
#include "base/text.h"
#include "bench/report/summary.h"

enum { PAGE_COLUMNS = 16 };

typedef void (*page_cell_fn)(const struct target_summary *summary, int which, struct text *out);

struct page_column {
    const char *title;
    page_cell_fn cell;
    int which; /* passed to `cell` */
};

struct page_columns {
    struct page_column of[PAGE_COLUMNS];
    int count;
    bool images_only; /* skip text targets */
};

struct page_row {
    const char *name;
    const char *href; /* link of the name; NULL for none */
    int target;       /* selects the colour */
    const struct target_summary *summary;
};

void page_column(struct page_columns *columns, const char *title, page_cell_fn cell, int which);
void page_table(const struct page_row *rows, int count, const struct page_columns *columns,
                struct text *out);

/* Cell writers. `which` is an index of summary_percentiles, outcomes, image_checks, phases, or of
 * the cell's own list of values. */
void write_accepted_cell(const struct target_summary *summary, int which, struct text *out);
/* What an accepted answer takes; which: 0 for seconds, 1 for USD. */
void write_yield_cell(const struct target_summary *summary, int which, struct text *out);
void write_usable_cell(const struct target_summary *summary, int which, struct text *out);
void write_percentile_cell(const struct target_summary *summary, int which, struct text *out);
void write_stats_cell(const struct target_summary *summary, int which, struct text *out);
void write_rate_cell(const struct target_summary *summary, int which, struct text *out);
void write_cost_cell(const struct target_summary *summary, int which, struct text *out);
void write_answer_size_cell(const struct target_summary *summary, int which, struct text *out);
void write_pack_cell(const struct target_summary *summary, int which, struct text *out);
void write_outcome_cell(const struct target_summary *summary, int which, struct text *out);
void write_check_cell(const struct target_summary *summary, int which, struct text *out);
void write_phase_cell(const struct target_summary *summary, int which, struct text *out);
void write_first_partial_cell(const struct target_summary *summary, int which, struct text *out);
void write_first_request_cell(const struct target_summary *summary, int which, struct text *out);
#endif
