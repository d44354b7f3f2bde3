/* reference_man.c - man pages in troff. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "cli/documents/help.h"
#include "cli/documents/reference.h"

/* Appends text with the characters escaped that troff would interpret. */
static void add_troff(struct text *out, const char *text)
{
    bool line_begins = out->size == 0 || out->data[out->size - 1] == '\n';

    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\'')) {
            text_add(out, "\\&");
        }
        switch (*text) {
        case '\\':
            text_add(out, "\\e");
            break;
        case '-':
            text_add(out, "\\-");
            break;
        case '\'':
            text_add(out, "\\(aq");
            break;
        case '`':
            text_add(out, "\\(ga");
            break;
        case '~':
            text_add(out, "\\(ti");
            break;
        default:
            text_add_char(out, *text);
        }
        line_begins = *text == '\n';
    }
}

static void add_title(struct text *out, const char *suffix)
{
    text_add(out, ".TH DARKROOM");
    for (const char *c = suffix; *c; c++) {
        text_add_char(out, (char)toupper((unsigned char)*c));
    }
    text_add(out, " 1 \"\" \"darkroom " DARKROOM_VERSION "\" \"User Commands\"\n.SH NAME\n");
}

/* A term of a list with its description. */
static void add_term(struct text *out, const char *term, const char *description)
{
    text_add(out, ".TP\n.B ");
    add_troff(out, term);
    text_add_char(out, '\n');
    add_troff(out, description);
    text_add_char(out, '\n');
}

static void add_literal(struct text *out, const char *text)
{
    text_add(out, ".nf\n");
    add_troff(out, text);
    text_add(out, ".fi\n");
}

static void add_heading(struct text *out, const char *title)
{
    text_add(out, ".SS ");
    add_troff(out, title);
    text_add_char(out, '\n');
}

static void add_flag(struct text *out, const struct setting *row, const char *command)
{
    struct text flag, help;

    text_begin(&flag, HELP_BYTES);
    text_begin(&help, HELP_BYTES);
    help_flag(&flag, row, command);
    text_add(&help, setting_help(row, command));
    help_flag_details(&help, row, command);
    add_term(out, flag.data, help.data);
    text_end(&flag);
    text_end(&help);
}

static void add_exit_status(struct text *out)
{
    char status[8];

    text_add(out, ".SH EXIT STATUS\n");
    for (const struct exit_status_row *row = exit_status_table; row->meaning; row++) {
        snprintf(status, sizeof status, "%d", (int)row->status);
        add_term(out, status, row->meaning);
    }
}

static void add_command_page(struct text *out, const struct command *command)
{
    static const struct help_writer writer = { add_heading, add_flag };
    char suffix[64];

    snprintf(suffix, sizeof suffix, "-%s", command->name);
    add_title(out, suffix);
    add_troff(out, "darkroom");
    add_troff(out, suffix);
    text_add(out, " \\- ");
    add_troff(out, command->summary);
    text_add(out, "\n.SH SYNOPSIS\n.B darkroom ");
    add_troff(out, command->name);
    text_add(out, "\n[flags]\n");
    add_troff(out, command->arguments);
    text_add(out, command->arguments[0] ? "\n" : "");
    text_add(out, ".SH EXAMPLES\n");
    add_literal(out, command->examples);
    if (command->notes) {
        text_add(out, ".SH NOTES\n");
        add_literal(out, command->notes);
    }
    text_add(out, ".SH OPTIONS\n");
    help_each_flag(out, command, &writer);
    if (command->output) {
        add_term(out, "--json-schema", "print a JSON Schema of what --json prints");
    }
    add_term(out, "-h, --help", "show a summary of this page");
    add_exit_status(out);
    text_add(out, ".SH SEE ALSO\n.BR darkroom (1)\n");
}

static void add_environment(struct text *out)
{
    char variable[64];

    text_add(out,
             ".SH ENVIRONMENT\nA flag wins over the environment, the environment over the "
             "files .env.local and\n\\&.env of the current folder, and files over the default.\n");
    for (const struct setting *row = setting_table; row->name; row++) {
        struct text names, help;

        text_begin(&names, HELP_BYTES);
        text_begin(&help, HELP_BYTES);
        for (int i = 0; setting_variable(row, NULL, i, variable, sizeof variable); i++) {
            text_printf(&names, "%s%s", i ? ", " : "", variable);
        }
        text_add(&help, row->help);
        help_flag_details(&help, row, NULL);
        if (names.size > 0) {
            add_term(out, names.data, help.data);
        }
        text_end(&names);
        text_end(&help);
    }
}

static void add_program_page(struct text *out)
{
    add_title(out, "");
    text_add(out, "darkroom \\- makes product images and listing text with AI models\n"
                  ".SH SYNOPSIS\n.B darkroom\nCOMMAND [flags] [arguments]\n"
                  ".SH COMMANDS\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            add_term(out, commands[i]->name, commands[i]->summary);
        }
    }
    add_environment(out);
    text_add(out, ".SH FILES\n");
    add_term(out, ".env.local, .env",
             "settings of the current folder, shared with the application");
    add_term(out, "/etc/darkroom/env", "settings of the systemd unit");
    add_exit_status(out);
    text_add(out, ".SH SEE ALSO\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            bool last = !commands[i + 1] || commands[i + 1]->for_developers;

            text_add(out, ".BR darkroom\\-");
            add_troff(out, commands[i]->name);
            text_add(out, last ? " (1)\n" : " (1),\n");
        }
    }
}

void reference_man(struct text *out, const struct command *command)
{
    if (command) {
        add_command_page(out, command);
    } else {
        add_program_page(out);
    }
}
