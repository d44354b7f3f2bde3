/* settings_origin.c - a key is only sent to an address that the key's own source agrees with.
 *
 * The current folder may be a clone of another person's repository. If its .env could set the
 * address to which a key of the environment is sent, running a command there would give the key
 * away. So:
 *
 *   key           address                         sent
 *   any           default                         yes
 *   any           flag, environment, credential   yes: the user who started the process decides
 *   .env          .env                            yes: both from the folder
 *   environment   .env, which contains this key   yes: the file's author has it already
 *   environment   .env                            no, unless --trust-dotenv
 *
 * A file that mentions a variable does not contain its value; an address of a file must not mention
 * variables from elsewhere, which would be sent as a part of it (settings_load.c).
 */
#include <string.h>

#include "providers/provider.h"
#include "settings/settings_state.h"

static const struct setting_state *state_of(const struct settings *settings,
                                            const struct setting *row)
{
    return &settings->state[row - setting_table];
}

/* The setting of the current folder that changes the address to which the secret is sent. */
static const struct setting *redirecting_row(const struct settings *settings,
                                             const struct setting *secret)
{
    if (state_of(settings, secret)->origin != ORIGIN_PROCESS ||
        state_of(settings, setting_row("trust-dotenv"))->value.yes) {
        return NULL;
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        const struct setting_state *state = state_of(settings, row);

        if (row->key && strcmp(row->key, secret->name) == 0 && state->value.text &&
            state->origin == ORIGIN_FOLDER &&
            !(state_of(settings, secret)->also_in & (1u << state->file))) {
            return row;
        }
    }
    return NULL;
}

bool setting_redirected(const struct settings *settings, const struct setting *secret)
{
    return redirecting_row(settings, secret) != NULL;
}

static bool text_is(const struct settings *settings, const char *name, const char *value)
{
    const char *text = state_of(settings, setting_row(name))->value.text;

    return text && strcmp(text, value) == 0;
}

/* False if the command would not send the secret: of a provider that is not selected, or of the
 * store if images go to a folder. */
static bool is_used(const struct settings *settings, const char *const *names,
                    const struct setting *secret)
{
    if (!secret->provider && strcmp(secret->name, "supabase-key") != 0) {
        return true;
    }
    if (!secret->provider) {
        return !setting_list_has(names, "store") || text_is(settings, "store", "supabase");
    }
    return !setting_list_has(names, "provider") ||
           text_is(settings, "provider", secret->provider->name) ||
           text_is(settings, "text-provider", secret->provider->name);
}

bool settings_check_origins(const struct settings *settings, const char *const *names,
                            struct error *err)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        const struct setting *address =
            row->type == SETTING_SECRET ? redirecting_row(settings, row) : NULL;
        char variable[64] = "";

        if (address && is_used(settings, names, row)) {
            (void)setting_variable(address, NULL, 0, variable, sizeof variable);
            error_set(err, ERROR_CONFIG,
                      "the key from %.80s would be sent to an address that %.80s sets",
                      state_of(settings, row)->source, state_of(settings, address)->source);
            return error_hint(err,
                              "Set %s in the environment too, or move the key into that file. "
                              "--trust-dotenv allows it.",
                              variable);
        }
    }
    return true;
}
