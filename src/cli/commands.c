/* commands.c - the table of commands, from commands.inc. */
#include "cli/command.h"

#include <string.h>

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.inc"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.inc"
#undef COMMAND
    NULL,
};

bool command_has_setting(const struct command *command, const char *setting)
{
    return setting_list_has(command->settings, setting) ||
           strcmp(setting, "color") == 0; /* every command has it */
}
