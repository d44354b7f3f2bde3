/* help.c - help in the terminal. */
#include "cli/documents/help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "term/term_wrap.h"

enum { FLAG_COLUMN = 29, SUMMARY_COLUMN = 14 };

void help_overview(struct text *out)
{
    text_add(out, "darkroom makes product images and listing text with AI models.\n\n"
                  "Try it without API keys and without a database:\n"
                  "  darkroom demo               make a product pack on this machine\n\n"
                  "Run it:\n"
                  "  export DATABASE_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE\n"
                  "  darkroom migrate            once, and after each upgrade\n"
                  "  darkroom doctor             check the installation\n"
                  "  darkroom work               run jobs until stopped\n\n"
                  "Commands:\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            text_printf(out, "  %-*s", SUMMARY_COLUMN - 2, commands[i]->name);
            text_add_wrapped(out, commands[i]->summary, SUMMARY_COLUMN, SUMMARY_COLUMN, HELP_WIDTH);
            text_add_char(out, '\n');
        }
    }
    text_add(out, "\n`darkroom COMMAND --help` shows the flags and examples of a command.\n"
                  "`darkroom help exit-status` lists the exit statuses.\n");
}

void help_exit_status(struct text *out)
{
    text_add(out, "Exit statuses of every command:\n\n");
    for (const struct exit_status_row *row = exit_status_table; row->meaning; row++) {
        text_printf(out, "  %3d  ", row->status);
        text_add_wrapped(out, row->meaning, 7, 7, HELP_WIDTH);
        text_add_char(out, '\n');
    }
}

static void add_argument(struct text *out, const struct setting *row, const char *command)
{
    const char *argument = setting_argument(row, command);

    if (argument) {
        text_add(out, argument);
    } else if (row->unit) {
        for (const char *c = row->unit; *c; c++) {
            text_add_char(out, (char)toupper((unsigned char)*c));
        }
    } else {
        text_add(out, row->type == SETTING_INT      ? "N"
                      : row->type == SETTING_NUMBER ? "NUMBER"
                      : row->type == SETTING_CHOICE ? "CHOICE"
                                                    : "TEXT");
    }
}

void help_flag(struct text *out, const struct setting *row, const char *command)
{
    char variable[64];

    if (row->type == SETTING_SECRET) {
        (void)setting_variable(row, NULL, 0, variable, sizeof variable);
        text_add(out, variable);
        return;
    }
    text_printf(out, "--%s", row->name);
    if (row->type != SETTING_FLAG) {
        text_add_char(out, ' ');
        add_argument(out, row, command);
    }
}

static void add_choices(struct text *out, const char *choices)
{
    text_add(out, ": ");
    for (; *choices; choices++) {
        if (*choices == '|') {
            text_add(out, ", ");
        } else {
            text_add_char(out, *choices);
        }
    }
}

void help_flag_details(struct text *out, const struct setting *row, const char *command)
{
    const char *value = setting_default(row, command);

    if (row->choices && !strchr(setting_help(row, command), ':')) {
        add_choices(out, row->choices);
    }
    if (row->type == SETTING_SECRET) {
        text_add(out, " (environment or file)");
    }
    if (value && strcmp(value, "0") != 0) {
        text_printf(out, " [%s]", value);
    }
}

static void add_heading(struct text *out, const char *title)
{
    text_printf(out, "\n%s:\n", title);
}

static void add_flag(struct text *out, const struct setting *row, const char *command)
{
    struct text help;
    size_t start = out->size;
    int width;

    text_begin(&help, HELP_BYTES);
    text_add(&help, setting_help(row, command));
    help_flag_details(&help, row, command);
    text_add(out, "  ");
    help_flag(out, row, command);
    width = (int)(out->size - start);
    if (width + 2 > FLAG_COLUMN) {
        text_add_char(out, '\n');
        width = 0;
    }
    text_printf(out, "%*s", FLAG_COLUMN - width, "");
    text_add_wrapped(out, help.data, FLAG_COLUMN, FLAG_COLUMN, HELP_WIDTH);
    text_add_char(out, '\n');
    text_end(&help);
}

/* Writes the settings of one group; NULL: the common ones. */
static void each_in_group(struct text *out, const struct command *command,
                          const struct help_writer *writer, const char *group)
{
    struct setting_list list = { .names = command->settings };
    const struct setting *row;
    bool first = true;

    while ((row = setting_list_next(&list))) {
        bool common = word_list_has(command->common, row->name);

        if (group ? common || strcmp(row->group, group) != 0 : !common) {
            continue;
        }
        if (first) {
            writer->heading(out, group ? group : "Common flags");
            first = false;
        }
        writer->flag(out, row, command->name);
    }
}

void help_each_flag(struct text *out, const struct command *command,
                    const struct help_writer *writer)
{
    struct setting_list list = { .names = command->settings };
    const struct setting *row;
    const char *group = "";

    if (!command->common) {
        writer->heading(out, "Flags");
        while ((row = setting_list_next(&list))) {
            writer->flag(out, row, command->name);
        }
        return;
    }
    each_in_group(out, command, writer, NULL);
    for (row = setting_table; row->name; row++) {
        if (strcmp(row->group, group) != 0) {
            group = row->group;
            each_in_group(out, command, writer, group);
        }
    }
}

void help_command(struct text *out, const struct command *command)
{
    static const struct help_writer writer = { add_heading, add_flag };

    text_printf(out, "darkroom %s - ", command->name);
    text_add_wrapped(out, command->summary, 12 + (int)strlen(command->name), 2, HELP_WIDTH);
    text_printf(out, "\n\nUsage: darkroom %s [flags]%s%s\n\nExamples:\n%s", command->name,
                command->arguments[0] ? " " : "", command->arguments, command->examples);
    if (command->notes) {
        text_printf(out, "\n%s", command->notes);
    }
    help_each_flag(out, command, &writer);
    if (command->output) {
        text_printf(out, "  %-*s%s\n", FLAG_COLUMN - 2, "--json-schema",
                    "print a JSON Schema of what --json prints");
    }
    text_printf(out, "  %-*s%s\n", FLAG_COLUMN - 2, "-h, --help", "show this help");
    text_add(out, "\n`darkroom config` shows the values of all settings, which can also be set by\n"
                  "environment variables or in .env, and where each value comes from.\n");
}
