/* demo_summary.h - prints the summary of a demo to standard output. */
#ifndef DEMO_DEMO_SUMMARY_H
#define DEMO_DEMO_SUMMARY_H
#include <cjson/cJSON.h>

/* `record` is described in demo/record.h. `folder` holds the results; `program` is the name to
 * print in the suggested commands. */
void demo_summary_print(const cJSON *record, const char *folder, const char *program);
#endif
