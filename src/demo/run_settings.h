/* run_settings.h - the settings of a pack run's worker: those of the command, with a store and a
 * spool of its own. */
#ifndef DEMO_RUN_SETTINGS_H
#define DEMO_RUN_SETTINGS_H
#include "settings/settings.h"

/* `folder` gets the folders of store and spool. The table of settings keeps models, stores and
 * databases of the environment out, so that a demo costs nothing unless a flag selects a provider.
 * The caller calls settings_free on *out, also after a failure. */
bool run_settings_load(const struct settings *given, const char *command, const char *folder,
                       struct settings **out, struct error *err) MUST_CHECK;
#endif
