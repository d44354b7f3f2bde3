/* data_files.h - models, rules and prompts: the built-in ones, or the user's own files. */
#ifndef APP_DATA_FILES_H
#define APP_DATA_FILES_H
#include "model/catalog.h"
#include "model/rules.h"
#include "settings/settings.h"

/* ERROR_CONFIG where a file of the user's cannot be read. Freed with catalog_free, rules_free. */
bool catalog_from_settings(const struct settings *settings, struct catalog **out,
                           struct error *err) MUST_CHECK;
bool rules_from_settings(const struct settings *settings, struct rules **out,
                         struct error *err) MUST_CHECK;
#endif
