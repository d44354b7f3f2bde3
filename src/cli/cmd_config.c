/* cmd_config.c - darkroom config: every value, and where it came from. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/settings_internal.h"
#include "io/database_url.h"

/* A database URL holds a password: it is shown as libpq would see it, without. */
static void show_value(const struct settings *settings, const struct setting *setting, char *out,
                       size_t size)
{
    const char *text =
        setting->type == SETTING_SECRET ? NULL : setting_text(settings, setting->name);
    struct database_url url;
    struct error err;

    if (setting->type == SETTING_SECRET) {
        snprintf(out, size, "%s",
                 secret_is_set(setting_secret(settings, setting->name)) ? "set" : "");
    } else if (text && strcmp(setting->name, "database-url") == 0) {
        bool good = database_url_read(text, &url, &err);

        snprintf(out, size, "%s", good ? url.shown : err.text);
        if (good) {
            database_url_free(&url);
        }
    } else {
        snprintf(out, size, "%s", text ? text : "");
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct setting *setting;

    (void)argc;
    (void)argv;
    (void)err;
    for (int i = 0; (setting = setting_at(i)) != NULL && strcmp(setting->name, "json") != 0; i++) {
        char value[400];

        show_value(settings, setting, value, sizeof value);
        printf("%-22s %-40s %s\n", setting->name, value, setting_source(settings, setting->name));
    }
    return 0;
}

static const char *const settings_taken[] = {
    "database-url",
    "provider",
    "text-provider",
    "openai-key",
    "openai-base-url",
    "openai-org",
    "openai-project",
    "image-model",
    "text-model",
    "features-model",
    "quality",
    "marketplace",
    "main-image",
    "store",
    "folder",
    "supabase-url",
    "supabase-key",
    "jobs",
    "concurrency",
    "drain",
    "grace",
    "lease",
    "poll",
    "pause",
    "retry-base",
    "request-timeout",
    "pool-threads",
    "spool",
    "prompts",
    "models",
    "rules",
    "allow-loopback-fetch",
    "log-format",
    "log-level",
    NULL,
};

const struct command command_config = {
    .name = "config",
    .arguments = "",
    .summary = "show every setting of the worker, and where its value came from",
    .examples = "  darkroom config\n",
    .settings = settings_taken,
    .run = run,
};
