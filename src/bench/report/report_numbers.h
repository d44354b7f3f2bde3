/* report_numbers.h - how figures are put into JSON. */
#ifndef BENCH_REPORT_REPORT_NUMBERS_H
#define BENCH_REPORT_REPORT_NUMBERS_H
#include "bench/report/report.h"

/* A number that is none is null: JSON has no NAN. */
void json_add_number(cJSON *object, const char *name, double value);
#endif
