/* settings_value.h - parses the value of a setting. */
#ifndef SETTINGS_SETTINGS_VALUE_H
#define SETTINGS_SETTINGS_VALUE_H
#include "settings/settings.h"

struct setting_value {
    char *text; /* without surrounding space; NULL if unset, and for secrets */
    struct secret *secret;
    int64_t integer;
    double number;
    bool yes;
};

/* Parses a text. An empty text leaves *out unset. ERROR_INPUT if it is invalid; the error text
 * shows no secret and does not name the source. */
bool setting_value_read(const struct setting *row, const char *text, struct setting_value *out,
                        struct error *err) MUST_CHECK;
void setting_value_free(struct setting_value *value);
#endif
