/* record_rejections.h - the rejected answers of a demo's jobs: their pictures as files. */
#ifndef DEMO_REJECTIONS_RECORD_REJECTIONS_H
#define DEMO_REJECTIONS_RECORD_REJECTIONS_H
#include <cjson/cJSON.h>

#include "demo/results_folder.h"

/* Replaces "picture" of each row of "rejections" of the record's jobs by "file", the name of a JPEG
 * that it writes into the results folder. */
bool record_rejections_export(cJSON *record, struct results_folder *results_folder,
                              struct error *err) MUST_CHECK;
#endif
