/* settings.h - every setting: flag, environment, file, default, in one table (settings.inc).
 *
 * Flags beat environment beats files (.env.local, .env in the folder where darkroom is started)
 * beats defaults. Secrets have no flag: command lines are public; NAME_FILE and
 * $CREDENTIALS_DIRECTORY/NAME are read too. Empty means unset. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct settings;

const char *setting_text(const struct settings *settings, const char *name); /* NULL: unset */
int64_t setting_int(const struct settings *settings, const char *name);
double setting_number(const struct settings *settings, const char *name);
bool setting_flag(const struct settings *settings, const char *name);
const struct secret *setting_secret(const struct settings *settings, const char *name);
/* "flag", "environment DATABASE_URL", "file .env", "default": where the value came from. */
const char *setting_source(const struct settings *settings, const char *name);
#endif
