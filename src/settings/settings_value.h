/* settings_value.h - is this text a value of that setting? */
#ifndef SETTINGS_SETTINGS_VALUE_H
#define SETTINGS_SETTINGS_VALUE_H
#include "settings/settings.h"

struct setting_value {
    char *text; /* trimmed; NULL: unset; also NULL for secrets */
    struct secret *secret;
    int64_t integer;
    double number;
    bool yes;
};

/* Trims and checks; an empty text leaves *out unset. ERROR_INPUT, in words that do not show
 * secrets; the caller says where it came from. */
bool setting_value_read(const struct setting *row, const char *text, struct setting_value *out,
                        struct error *err) MUST_CHECK;
void setting_value_free(struct setting_value *value);
#endif
