/* data_files.h - the model catalog, the image rules and the rules of exports: built in, or files
 * that settings name. */
#ifndef APP_DATA_FILES_H
#define APP_DATA_FILES_H
#include "model/catalog.h"
#include "model/export_rules.h"
#include "model/rules.h"
#include "settings/settings.h"

/* ERROR_CONFIG if a file cannot be read. Freed with catalog_free, rules_free and
 * export_rules_free. */
bool catalog_from_settings(const struct settings *settings, struct catalog **out,
                           struct error *err) MUST_CHECK;
bool rules_from_settings(const struct settings *settings, struct rules **out,
                         struct error *err) MUST_CHECK;
bool export_rules_from_settings(const struct settings *settings, struct export_rules **out,
                                struct error *err) MUST_CHECK;
#endif
