/* command_table.h - the table of commands. It is separate from the functions that search it,
 * because some commands print the list of all commands: they depend on the list and the table on
 * them. */
#ifndef CLI_COMMAND_TABLE_H
#define CLI_COMMAND_TABLE_H

/* Makes the table available as `commands`. Called once, before any command is found. */
void command_table_register(void);
#endif
