/* export_report.h - reports what an export contains, which rules each file was checked against, and
 * what is missing. It names no address and no time, so that the same images give the same report.
 */
#ifndef EXPORT_EXPORT_REPORT_H
#define EXPORT_EXPORT_REPORT_H
#include "base/text.h"
#include "export/export.h"

/* The caller deletes the result. */
cJSON *export_report_json(const struct export_pack *pack);
/* Appends the same as text. */
void export_report_text(const struct export_pack *pack, struct text *out);
/* Returns the number of rules that the file passed. */
int export_passed(const struct export_file *file);
#endif
