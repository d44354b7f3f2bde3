/* help.c - help that teaches by example, out of the tables of commands and settings. */
#include "cli/help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FLAG_COLUMN = 28 };

void help_overview(struct text *out)
{
    text_add(out, "darkroom makes product images and listing text with AI models.\n\n"
                  "try it, with no keys and no database:\n"
                  "  darkroom demo                       a whole pack, on this machine alone\n\n"
                  "run it:\n"
                  "  export DATABASE_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE\n"
                  "  darkroom migrate                    once, and after each update\n"
                  "  darkroom doctor                     is everything in place?\n"
                  "  darkroom work                       take jobs until told to stop\n\n"
                  "commands:\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            text_printf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
        }
    }
    text_add(out, "\n`darkroom COMMAND --help` shows a command's flags and examples.\n");
}

/* What a value is called in help. */
static void add_argument(struct text *out, const struct setting *row)
{
    if (row->argument) {
        text_add(out, row->argument);
    } else if (row->unit) {
        for (const char *c = row->unit; *c; c++) {
            text_add_char(out, (char)toupper((unsigned char)*c));
        }
    } else {
        text_add(out, row->type == SETTING_INT      ? "N"
                      : row->type == SETTING_NUMBER ? "NUMBER"
                      : row->type == SETTING_CHOICE ? row->choices
                                                    : "TEXT");
    }
}

void help_flag(struct text *out, const struct setting *row)
{
    char variable[64];

    if (row->type == SETTING_SECRET) {
        (void)setting_variable(row, 0, variable, sizeof variable);
        text_add(out, variable);
        return;
    }
    text_printf(out, "--%s", row->name);
    if (row->type != SETTING_FLAG) {
        text_add_char(out, ' ');
        add_argument(out, row);
    }
}

static void add_setting(struct text *out, const struct setting *row)
{
    size_t start = out->size, width;

    text_add(out, "  ");
    help_flag(out, row);
    width = out->size - start;
    if (width > FLAG_COLUMN) {
        text_add_char(out, '\n');
        width = 0;
    }
    text_printf(out, "%*s  %s", (int)(FLAG_COLUMN - width), "", row->help);
    if (row->type == SETTING_SECRET) {
        text_add(out, " (environment or file)");
    }
    if (row->default_value && strcmp(row->default_value, "0") != 0) {
        text_printf(out, " [%s]", row->default_value);
    }
    text_add_char(out, '\n');
}

void help_command(struct text *out, const struct command *command)
{
    struct setting_list list = { .names = command->settings };
    const struct setting *row;

    text_printf(out,
                "darkroom %s - %s\n\nusage: darkroom %s [flags]%s%s\n\nexamples:\n%s%s%s\nflags:\n",
                command->name, command->summary, command->name, command->arguments[0] ? " " : "",
                command->arguments, command->examples, command->notes ? "\n" : "",
                command->notes ? command->notes : "");
    while ((row = setting_list_next(&list))) {
        add_setting(out, row);
    }
    text_add(out, "  -h, --help                  this help\n\n"
                  "Each flag can stand in the environment or in .env too: `darkroom config`.\n");
}

static void add_variables(struct text *out, const struct setting *row)
{
    char variable[64];

    for (int i = 0; setting_variable(row, i, variable, sizeof variable); i++) {
        text_printf(out, "%s`%s`", i ? ", " : "", variable);
    }
}

/* A '|' would end a cell. */
static void add_cell(struct text *out, const char *text)
{
    for (; *text; text++) {
        text_add(out, *text == '|' ? "\\" : "");
        text_add_char(out, *text);
    }
}

void help_markdown(struct text *out)
{
    text_add(out, "| flag | environment | default | what it is |\n|---|---|---|---|\n");
    for (const struct setting *row = setting_table; row->name; row++) {
        if (row->variables && row->variables[0] == '\0') {
            continue; /* one command's own: its --help has it */
        }
        text_printf(out, "| %s%s%s | ", row->type == SETTING_SECRET ? "" : "`--",
                    row->type == SETTING_SECRET ? "none: a secret" : row->name,
                    row->type == SETTING_SECRET ? "" : "`");
        add_variables(out, row);
        text_printf(out, " | %s%s%s | ", row->default_value ? row->default_value : "",
                    row->default_value && row->unit ? " " : "",
                    row->default_value && row->unit ? row->unit : "");
        add_cell(out, row->help);
        if (row->choices) {
            text_add(out, ": ");
            add_cell(out, row->choices);
        }
        text_add(out, " |\n");
    }
}
