/* export_run.h - an export from settings to a ZIP. */
#ifndef EXPORT_EXPORT_RUN_H
#define EXPORT_EXPORT_RUN_H
#include "export/export.h"
#include "io/postgres/sql.h"
#include "settings/settings.h"

/* The settings that export_run reads, for the list of a command. */
#define EXPORT_SETTINGS "marketplace", "asin", "sku", "locale", "rules", "export-rules"

struct export_run {
    const struct settings *settings;
    struct export_request request;
    struct export_pack pack;
    struct export_rules *export_rules;
    struct rules *rules;
    cJSON *project;
    char asin[11];
};

/* Reads the request and the rules. ERROR_INPUT if a setting is invalid. Call export_run_close also
 * after a failure. */
bool export_run_open(struct export_run *run, const struct settings *settings,
                     struct error *err) MUST_CHECK;
/* Loads a project, as export_project_load does, and chooses its files. */
bool export_run_load(struct export_run *run, struct sql_session *session, const char *project,
                     struct error *err) MUST_CHECK;
/* Makes the files and writes the ZIP, as export_write does. */
bool export_run_write(struct export_run *run, const char *path, bool replace,
                      const struct export_progress *progress, bool *written,
                      struct error *err) MUST_CHECK;
void export_run_close(struct export_run *run);
#endif
