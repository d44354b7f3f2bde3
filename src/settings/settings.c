/* settings.c - values of settings, and those that flags set. */
#include "settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "settings/settings_state.h"

static void state_clear(struct setting_state *state)
{
    setting_value_free(&state->value);
    free(state->error);
    *state = (struct setting_state){ 0 };
}

void settings_free(struct settings *settings)
{
    for (int i = 0; settings && i < settings->count; i++) {
        state_clear(&settings->state[i]);
    }
    if (settings) {
        free(settings->state);
        free(settings);
    }
}

bool settings_set(struct settings *settings, const struct setting *row, const char *value,
                  struct error *err)
{
    struct setting_value read;
    struct setting_state *state = &settings->state[row - setting_table];

    if (row->type == SETTING_SECRET) {
        return error_set(err, ERROR_INPUT,
                         "'--%s' is not a flag: other users can read a command line", row->name);
    }
    if (!setting_value_read(row, value, &read, err)) {
        return false;
    }
    if (row->type == SETTING_LIST && strcmp(state->source, "flag") == 0 && state->value.text &&
        read.text) {
        char *both = NULL;

        if (asprintf(&both, "%s\n%s", state->value.text, read.text) < 0) {
            FATAL("out of memory");
        }
        free(read.text);
        read.text = both;
    }
    state_clear(state); /* an empty value unsets it */
    state->value = read;
    state->origin = ORIGIN_PROCESS;
    snprintf(state->source, sizeof state->source, "flag");
    return true;
}

static const struct setting_state *state_of(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    if (!row) {
        FATAL("unknown setting '%s'", name);
    }
    return &settings->state[row - setting_table];
}

bool settings_check(const struct settings *settings, const char *const *names, struct error *err)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        const struct setting_state *state = state_of(settings, row->name);

        if (state->error) {
            error_set(err, ERROR_CONFIG, "%s (from %.80s)", state->error->text, state->source);
            return error_hint(err, "%s", state->error->hint);
        }
    }
    return settings_check_origins(settings, names, err);
}

const struct error *setting_error(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->error;
}

const char *setting_text(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.text;
}

int64_t setting_int(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.integer;
}

double setting_number(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.number;
}

bool setting_flag(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.yes;
}

const struct secret *setting_secret(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    return row && row->type == SETTING_SECRET && !setting_redirected(settings, row)
               ? state_of(settings, name)->value.secret
               : NULL;
}

const char *setting_source(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->source;
}

bool setting_is_from_folder(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->origin == ORIGIN_FOLDER;
}
