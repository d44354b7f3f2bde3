/* command_table.c - the table of commands, from commands.inc. */
#include "cli/command_table.h"

#include <stddef.h>

#include "cli/command.h"

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.inc"
#undef COMMAND

static const struct command *const table[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.inc"
#undef COMMAND
    NULL,
};

void command_table_register(void)
{
    commands = table;
}
