/* short_id.h - the first characters of ids, as many as tell the ids of a list apart. */
#ifndef TERM_SHORT_ID_H
#define TERM_SHORT_ID_H
#include <cjson/cJSON.h>
#include <stddef.h>

/* At least eight characters: with 10,000 random ids, one of them is ambiguous in 86 lists of 100
 * with seven characters and in one of 100 with eight; the lists are longer where it is needed. */
enum { SHORT_ID_CHARS = 8 };

/* Returns how many characters of the ids under `key` tell different ids of the rows apart. */
int short_id_length(const cJSON *rows, const char *key);
/* Copies the first `length` characters. An id of which fewer than three more would follow stays
 * whole. Cuts between characters. */
void short_id(const char *id, int length, char *out, size_t size);
#endif
