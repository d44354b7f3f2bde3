/* reference.h - documents generated from the tables of commands and settings. */
#ifndef CLI_DOCUMENTS_REFERENCE_H
#define CLI_DOCUMENTS_REFERENCE_H
#include "base/text.h"
#include "cli/command.h"

/* The configuration reference: every setting that environment or files can set, as Markdown. */
void reference_markdown(struct text *out);
/* The reference of --json as Markdown: the objects of each command, with their fields. */
void reference_json(struct text *out);
/* A man page in troff: of a command, or of the program if `command` is NULL. */
void reference_man(struct text *out, const struct command *command);
#endif
