/* settings_table.c - the table, and how its rows are found. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "settings/settings.h"

/* clang-format off */
const struct setting setting_table[] = {
#include "settings/settings.inc"
    { .name = NULL },
};
/* clang-format on */

const struct setting *setting_row(const char *name)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

bool setting_variable(const struct setting *row, int i, char *out, size_t size)
{
    const char *at = row->variables;
    size_t length;

    if (!at) {
        snprintf(out, size, "DARKROOM_%s", row->name);
        for (char *c = out; *c; c++) {
            *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        }
        return i == 0;
    }
    for (; i > 0; i--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    length = strcspn(at, " ");
    snprintf(out, size, "%.*s", (int)length, at);
    return length > 0;
}
