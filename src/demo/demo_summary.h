/* demo_summary.h - prints the summary of a demo to standard output. */
#ifndef DEMO_DEMO_SUMMARY_H
#define DEMO_DEMO_SUMMARY_H
#include <cjson/cJSON.h>
#include <stdbool.h>

/* `record` is described in demo/record.h. `folder` holds the results; `program` is the name to
 * print in the suggested commands; `is_demo`: for the product of the demo. */
void demo_summary_print(const cJSON *record, const char *folder, const char *program, bool is_demo);
#endif
