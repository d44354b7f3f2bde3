/* help.h - what `darkroom`, `darkroom help X` and `darkroom X --help` print, from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H
#include "base/text.h"
#include "cli/command.h"

void help_overview(struct text *out);
void help_command(struct text *out, const struct command *command);
/* "--grace SECONDS", "--json", "OPENAI_API_KEY" */
void help_flag(struct text *out, const struct setting *row);
/* All settings as a table in Markdown. */
void help_markdown(struct text *out);
#endif
