/* log_settings.h - applies --log-format and --log-level. */
#ifndef APP_LOG_SETTINGS_H
#define APP_LOG_SETTINGS_H
#include "settings/settings.h"

/* The format auto is text on a terminal and JSON elsewhere. Text on a terminal fits its width. */
void log_apply_settings(const struct settings *settings);
#endif
