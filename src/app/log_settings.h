/* log_settings.h - applies --log-format and --log-level. */
#ifndef APP_LOG_SETTINGS_H
#define APP_LOG_SETTINGS_H
#include "base/log.h"
#include "settings/settings.h"

/* Format auto is text on a terminal and JSON elsewhere. `default_level` applies unless log-level
 * was set explicitly. */
void log_apply_settings(const struct settings *settings, enum log_level default_level);
#endif
