/* settings_table.c - the table of settings: settings.inc and the settings of providers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "providers/provider.h"
#include "settings/settings.h"

enum { CHOICES_BYTES = 512, PROVIDER_ROWS = 100 };

#define GROUP "group"
#define OVERRIDES(...)                                                                             \
    (const struct setting_override[])                                                              \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .command = NULL                                                                        \
        }                                                                                          \
    }

static char provider_choices[CHOICES_BYTES]; /* "openai|offline" */

/* clang-format off */
static const struct setting fixed_rows[] = {
#include "settings/settings.inc"
};
/* clang-format on */

enum { FIXED_ROWS = sizeof fixed_rows / sizeof *fixed_rows };

static struct setting rows[FIXED_ROWS + PROVIDER_ROWS + 1];

const struct setting *const setting_table = rows;

static const char *key_of_provider(const struct provider *provider)
{
    const struct provider_setting *setting = provider->settings;

    while (setting->name && setting->use != PROVIDER_KEY) {
        setting++;
    }
    return setting->name;
}

static struct setting row_of_provider(const struct provider *provider,
                                      const struct provider_setting *setting)
{
    bool leads = setting->use == PROVIDER_BASE_URL || setting->use == PROVIDER_PRESET;

    return (struct setting){ .name = setting->name,
                             .type = setting->use == PROVIDER_KEY        ? SETTING_SECRET
                                     : setting->use == PROVIDER_BASE_URL ? SETTING_ADDRESS
                                     : setting->choices                  ? SETTING_CHOICE
                                                                         : SETTING_TEXT,
                             .key = leads ? key_of_provider(provider) : NULL,
                             .variables = setting->variables,
                             .argument = setting->argument,
                             .choices = setting->choices,
                             .help = setting->help,
                             .provider = provider };
}

/* Runs before main, so that the table is constant for the whole program. */
__attribute__((constructor)) static void build_table(void)
{
    struct setting *row = rows;
    const char *group = "";

    for (int i = 0; providers[i]; i++) {
        size_t used = strlen(provider_choices);

        snprintf(provider_choices + used, sizeof provider_choices - used, "%s%s", i ? "|" : "",
                 providers[i]->name);
    }
    for (int i = 0; i < FIXED_ROWS; i++) {
        if (strcmp(fixed_rows[i].name, GROUP) == 0) {
            group = fixed_rows[i].help;
            continue;
        }
        if (strcmp(fixed_rows[i].name, PROVIDER_SETTINGS) != 0) {
            *row = fixed_rows[i];
            row++->group = group;
            continue;
        }
        for (int j = 0; providers[j]; j++) {
            const struct provider_setting *setting = providers[j]->settings;

            for (; setting && setting->name; setting++) {
                if (row == rows + FIXED_ROWS + PROVIDER_ROWS) {
                    FATAL("providers have more than %d settings", PROVIDER_ROWS);
                }
                *row = row_of_provider(providers[j], setting);
                row++->group = group;
            }
        }
    }
}

const struct setting *setting_row(const char *name)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        if (strcmp(row->name, name) == 0 || word_list_has(row->aliases, name)) {
            return row;
        }
    }
    return NULL;
}

static const struct setting_override *override_of(const struct setting *row, const char *command)
{
    const struct setting_override *override = command ? row->overrides : NULL;

    while (override && override->command && strcmp(override->command, command) != 0) {
        override++;
    }
    return override && override->command ? override : NULL;
}

const char *setting_default(const struct setting *row, const char *command)
{
    const struct setting_override *override = override_of(row, command);

    return override && override->default_value ? override->default_value : row->default_value;
}

const char *setting_help(const struct setting *row, const char *command)
{
    const struct setting_override *override = override_of(row, command);

    return override && override->help ? override->help : row->help;
}

const char *setting_argument(const struct setting *row, const char *command)
{
    const struct setting_override *override = override_of(row, command);

    return override && override->argument ? override->argument : row->argument;
}

/* Returns the first row, from `row` on, that belongs to a provider, or NULL. */
static const struct setting *next_provider_row(const struct setting *row)
{
    while (row->name && !row->provider) {
        row++;
    }
    return row->name ? row : NULL;
}

const struct setting *setting_list_next(struct setting_list *list)
{
    while (*list->names) {
        bool group = strcmp(*list->names, PROVIDER_SETTINGS) == 0;

        list->row = !group                             ? setting_row(*list->names)
                    : list->row && list->row->provider ? next_provider_row(list->row + 1)
                                                       : next_provider_row(setting_table);
        list->names += !group || !list->row;
        if (list->row) {
            return list->row;
        }
    }
    return NULL;
}

bool setting_list_has(const char *const *names, const char *name)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        if (strcmp(row->name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool setting_variable(const struct setting *row, const char *command, int i, char *out, size_t size)
{
    const struct setting_override *override = override_of(row, command);
    const char *at = override && override->variables ? override->variables : row->variables;
    size_t length;

    if (!at) {
        snprintf(out, size, "DARKROOM_%s", row->name);
        for (char *c = out; *c; c++) {
            *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        }
        return i == 0;
    }
    for (; i > 0; i--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    length = strcspn(at, " ");
    snprintf(out, size, "%.*s", (int)length, at);
    return length > 0;
}
