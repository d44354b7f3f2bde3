/* commands.c - finds commands in the registered table. */
#include <string.h>

#include "cli/command.h"

static const struct command *const none[] = { NULL };
const struct command *const *commands = none;

const struct command *command_find(const char *name)
{
    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

bool command_has_setting(const struct command *command, const char *setting)
{
    return setting_list_has(command->settings, setting) || strcmp(setting, "color") == 0;
}
