/* batch_view.h - prints batches for people. */
#ifndef CLI_BATCH_VIEW_H
#define CLI_BATCH_VIEW_H
#include <cjson/cJSON.h>

/* Prints the rows of batch_list as a table; adds columns to them. */
void batch_view_list(cJSON *rows);
/* Prints the answer of batch_show: progress, cost, errors, counts by image type and model. */
void batch_view_print(const cJSON *batch);
#endif
