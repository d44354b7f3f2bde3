/* command_line.c - quotes settings as shell words. */
#include "batch/command_line.h"

#include <string.h>

static const char plain[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+,=";

void command_line_word(struct text *out, const char *word)
{
    if (word[0] && strspn(word, plain) == strlen(word)) {
        text_add(out, word);
        return;
    }
    text_add_char(out, '\'');
    for (; *word; word++) {
        if (*word == '\'') {
            text_add(out, "'\\''");
        } else {
            text_add_char(out, *word);
        }
    }
    text_add_char(out, '\'');
}

static void add_flag(struct text *out, const struct settings *settings, const struct setting *row)
{
    const char *value = setting_text(settings, row->name);

    if (row->type == SETTING_FLAG) {
        text_printf(out, " --%s%s", setting_flag(settings, row->name) ? "" : "no-", row->name);
        return;
    }
    while (value && *value) {
        size_t size = row->type == SETTING_LIST ? strcspn(value, "\n") : strlen(value);
        struct text word;

        text_begin(&word, size);
        text_add_bytes(&word, value, size);
        text_printf(out, " --%s ", row->name);
        command_line_word(out, word.data);
        text_end(&word);
        value += size + (value[size] == '\n');
    }
}

void command_line_flags(struct text *out, const struct settings *settings, const char *const *names)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        if (row->type != SETTING_SECRET && row->type != SETTING_URL &&
            strcmp(setting_source(settings, row->name), "flag") == 0) {
            add_flag(out, settings, row);
        }
    }
}
