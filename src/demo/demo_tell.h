/* demo_tell.h - prints the summary of a demo to standard output. */
#ifndef DEMO_DEMO_TELL_H
#define DEMO_DEMO_TELL_H
#include <cjson/cJSON.h>

void demo_summary_print(const cJSON *record, const char *folder, const char *program);
#endif
