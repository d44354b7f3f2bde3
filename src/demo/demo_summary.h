/* demo_summary.h - prints the summary of a demo to standard output. */
#ifndef DEMO_DEMO_SUMMARY_H
#define DEMO_DEMO_SUMMARY_H
#include <cjson/cJSON.h>
#include <stdbool.h>

/* Prints the summary, or the record (demo/record.h) as JSON. `folder` holds the results; is_demo:
 * for the product of the demo. Returns the exit status. */
int demo_summary_print_result(const cJSON *record, const char *folder, bool json, bool is_demo);
#endif
