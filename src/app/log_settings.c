/* log_settings.c - applies --log-format and --log-level. */
#include "app/log_settings.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "term/log_line.h"

void log_apply_settings(const struct settings *settings)
{
    static const char *const levels[] = { "error", "warning", "info", "debug" };
    const char *format = setting_text(settings, "log-format");
    const char *level = setting_text(settings, "log-level");
    bool json =
        strcmp(format, "json") == 0 || (strcmp(format, "auto") == 0 && !isatty(STDERR_FILENO));
    enum log_level chosen = LOG_INFO;

    for (int i = 0; i < 4; i++) {
        if (strcmp(level, levels[i]) == 0) {
            chosen = (enum log_level)i;
        }
    }
    log_setup(json ? LOG_JSON : LOG_TEXT, chosen);
    log_set_layout(isatty(STDERR_FILENO) ? log_line_layout : NULL);
}
