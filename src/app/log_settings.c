/* log_settings.c - applies --log-format and --log-level. */
#include "app/log_settings.h"

#include <string.h>
#include <unistd.h>

void log_apply_settings(const struct settings *settings, enum log_level default_level)
{
    static const char *const levels[] = { "error", "warning", "info", "debug" };
    const char *format = setting_text(settings, "log-format");
    const char *level = setting_text(settings, "log-level");
    bool json =
        strcmp(format, "json") == 0 || (strcmp(format, "auto") == 0 && !isatty(STDERR_FILENO));
    bool is_set = strcmp(setting_source(settings, "log-level"), "default") != 0;
    enum log_level chosen = default_level;

    for (int i = 0; is_set && i < 4; i++) {
        if (strcmp(level, levels[i]) == 0) {
            chosen = (enum log_level)i;
        }
    }
    log_setup(json ? LOG_JSON : LOG_TEXT, chosen);
}
