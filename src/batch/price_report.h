/* price_report.h - shows what a batch will make and cost, before it starts. */
#ifndef BATCH_PRICE_REPORT_H
#define BATCH_PRICE_REPORT_H
#include "batch/regenerate.h"

/* Prints the whole plan to stdout, for --dry-run: a table, or JSON with --json. */
void price_report(const struct regenerate *regenerate);
/* Returns the estimate as JSON; the caller deletes it. */
cJSON *price_report_json(const struct regenerate *regenerate);
/* Asks on the terminal unless --yes is given. Fails with ERROR_INPUT if the answer is no, or if
 * there is no terminal. */
bool price_report_confirm(const struct regenerate *regenerate, struct error *err) MUST_CHECK;
#endif
