/* commands.c - the table of commands, from commands.inc. */
#include <string.h>

#include "cli/command.h"

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.inc"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.inc"
#undef COMMAND
    NULL,
};

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
