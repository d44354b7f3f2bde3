/* services_view.h - the services in trouble: what stops them, and when the next probe is. */
#ifndef CLI_JOBS_SERVICES_VIEW_H
#define CLI_JOBS_SERVICES_VIEW_H
#include <cjson/cJSON.h>
#include <stdio.h>

/* Prints one paragraph per row of sql/queries/services.sql. */
void services_view_print(FILE *to, const cJSON *rows);
/* Writes the same without the hint, in one line: "openai is rate limited for 2 min: ..." */
void services_view_line(const cJSON *row, char *out, size_t size);
#endif
