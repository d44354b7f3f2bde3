/* settings_state.h - values of settings and where they come from; shared by the files of settings.
 */
#ifndef SETTINGS_SETTINGS_STATE_H
#define SETTINGS_SETTINGS_STATE_H
#include "settings/settings.h"
#include "settings/settings_value.h"

enum setting_origin {
    ORIGIN_DEFAULT,
    ORIGIN_FOLDER, /* .env.local or .env of the current folder, which another person may have
                      written */
    ORIGIN_PROCESS /* the user who started this process: flag, environment, credential, NAME_FILE */
};

struct setting_state { /* of one row */
    struct setting_value value;
    char source[300];
    enum setting_origin origin;
    int file;            /* of ORIGIN_FOLDER: its index */
    unsigned also_in;    /* of a secret: bit n is set if file n of the folder contains the same */
    struct error *error; /* why the value is invalid, or NULL */
};

struct settings {
    struct setting_state *state; /* one per row of the table */
    int count;
};

/* settings_origin.c: ERROR_CONFIG if one of these settings is a secret that setting_redirected. */
bool settings_check_origins(const struct settings *settings, const char *const *names,
                            struct error *err) MUST_CHECK;
#endif
