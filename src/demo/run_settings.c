/* run_settings.c - the settings of a pack run's worker. */
#include "demo/run_settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool run_settings_load(const struct settings *given, const char *command, const char *folder,
                       struct settings **out, struct error *err)
{
    const struct settings_sources from = { .environment = (const char *const *)environ,
                                           .folder = ".",
                                           .command = command };
    char store[4200], spool[4200];

    snprintf(store, sizeof store, "%s/store", folder);
    snprintf(spool, sizeof spool, "%s/spool", folder);
    if (!settings_load(&from, out, err)) {
        return false;
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        if (strcmp(setting_source(given, row->name), "flag") == 0 &&
            !settings_set(*out, row, setting_text(given, row->name), err)) {
            return false;
        }
    }
    return settings_set(*out, setting_row("store"), "folder", err) &&
           settings_set(*out, setting_row("folder"), store, err) &&
           settings_set(*out, setting_row("spool"), spool, err);
}
