/* reference_markdown.c - the configuration reference. */
#include <string.h>

#include "cli/documents/help.h"
#include "cli/documents/reference.h"

static void add_variables(struct text *out, const struct setting *row)
{
    char variable[64];

    for (int i = 0; setting_variable(row, NULL, i, variable, sizeof variable); i++) {
        text_printf(out, "%s`%s`", i ? ", " : "", variable);
    }
}

/* Appends text with '|' escaped, which would end a table cell. */
static void add_cell(struct text *out, const char *text)
{
    for (; *text; text++) {
        text_add(out, *text == '|' ? "\\" : "");
        text_add_char(out, *text);
    }
}

/* Appends the defaults of commands that differ: "; bench: 4". */
static void add_other_defaults(struct text *out, const struct setting *row)
{
    const struct setting_override *override = row->overrides;

    for (; override && override->command; override++) {
        if (override->default_value) {
            text_printf(out, "; %s: %s", override->command, override->default_value);
        }
    }
}

static void add_row(struct text *out, const struct setting *row)
{
    bool secret = row->type == SETTING_SECRET;

    text_printf(out, "| %s%s%s | ", secret ? "" : "`--", secret ? "none (secret)" : row->name,
                secret ? "" : "`");
    add_variables(out, row);
    text_printf(out, " | %s%s%s", row->default_value ? row->default_value : "",
                row->default_value && row->unit ? " " : "",
                row->default_value && row->unit ? row->unit : "");
    add_other_defaults(out, row);
    text_add(out, " | ");
    add_cell(out, row->help);
    if (row->choices) {
        text_add(out, ": ");
        add_cell(out, row->choices);
    }
    text_add(out, " |\n");
}

void reference_markdown(struct text *out)
{
    const char *group = "";
    char variable[64];

    for (const struct setting *row = setting_table; row->name; row++) {
        if (!setting_variable(row, NULL, 0, variable, sizeof variable)) {
            continue; /* flags only: `darkroom COMMAND --help` describes them */
        }
        if (strcmp(group, row->group) != 0) {
            text_printf(out,
                        "%s### %s\n\n| flag | environment | default | meaning |\n"
                        "|---|---|---|---|\n",
                        group[0] ? "\n" : "", row->group);
            group = row->group;
        }
        add_row(out, row);
    }
}
