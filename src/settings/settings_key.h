/* settings_key.h - whether a text can be a key, before it is sent anywhere. */
#ifndef SETTINGS_SETTINGS_KEY_H
#define SETTINGS_SETTINGS_KEY_H
#include "settings/settings.h"

/* Removes what copying and quoting leave around a value, in place: white space, invisible marks,
 * quotes and, if `bearer`, the word Bearer. Returns its new beginning. */
char *setting_unwrap(char *text, bool bearer);
/* ERROR_INPUT if the text cannot be a key: a URL, a placeholder, other characters than those of an
 * HTTP header, a public key of Supabase. The error shows no part of it. */
bool setting_key_check(const struct setting *row, const char *key, struct error *err) MUST_CHECK;
#endif
