/* status_view.h - the one screen of `darkroom status`. */
#ifndef CLI_JOBS_STATUS_VIEW_H
#define CLI_JOBS_STATUS_VIEW_H
#include <cjson/cJSON.h>
#include <stdio.h>

/* Prints what sql/queries/status.sql returned. budget_usd: --daily-budget, 0 if none. height: lines
 * that may be used; lists become shorter, and say how much they leave out. The stream's width is
 * never exceeded. */
void status_view_print(FILE *to, const cJSON *status, double budget_usd, int height);
/* The same in one line. */
void status_view_line(const cJSON *status, char *out, size_t size);
#endif
