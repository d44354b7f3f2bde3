/* dotenv_entries.h - the names and values of a .env file. */
#ifndef SETTINGS_DOTENV_ENTRIES_H
#define SETTINGS_DOTENV_ENTRIES_H
#include <stdbool.h>
#include <stddef.h>

enum { DOTENV_ENTRIES = 512 };

struct dotenv {
    struct dotenv_entry {
        char *name, *value;
        char *literal; /* the value as the file contains it; NULL if it mentions variables */
        bool borrows;  /* the value contains that of a variable from outside of the file */
    } * entries;       /* room for DOTENV_ENTRIES */
    int count;
};

/* Returns the entry of a name with its value NULL, so that the caller sets it: a later assignment
 * replaces an earlier one. Returns NULL if the table is full or memory is exhausted. */
struct dotenv_entry *dotenv_add(struct dotenv *dotenv, const char *name, size_t name_size);
/* Returns the entry of a name, or NULL if the file does not assign it. */
const struct dotenv_entry *dotenv_entry_find(const struct dotenv *dotenv, const char *name);
/* Returns the value of a name, or NULL if the file does not assign it. */
const char *dotenv_find(const struct dotenv *dotenv, const char *name);
void dotenv_free(struct dotenv *dotenv); /* overwrites the values, which may be secrets */
#endif
