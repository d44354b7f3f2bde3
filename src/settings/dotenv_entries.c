/* dotenv_entries.c - the names and values of a .env file. */
#include "settings/dotenv_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct dotenv_entry *dotenv_add(struct dotenv *dotenv, const char *name, size_t name_size)
{
    struct dotenv_entry *entry;

    for (int i = 0; i < dotenv->count; i++) {
        entry = &dotenv->entries[i];
        /* counted entries have a name: NOLINTNEXTLINE(clang-analyzer-core.*) */
        if (strlen(entry->name) == name_size && memcmp(entry->name, name, name_size) == 0) {
            free(entry->value);
            entry->value = NULL;
            return entry;
        }
    }
    if (dotenv->count == DOTENV_ENTRIES) {
        return NULL;
    }
    entry = &dotenv->entries[dotenv->count];
    entry->name = xstrndup(name, name_size);
    dotenv->count++;
    return entry;
}

const struct dotenv_entry *dotenv_entry_find(const struct dotenv *dotenv, const char *name)
{
    for (int i = 0; i < dotenv->count; i++) {
        if (strcmp(dotenv->entries[i].name, name) == 0) {
            return &dotenv->entries[i];
        }
    }
    return NULL;
}

const char *dotenv_find(const struct dotenv *dotenv, const char *name)
{
    const struct dotenv_entry *entry = dotenv_entry_find(dotenv, name);

    return entry ? entry->value : NULL;
}

static void wipe(char *text)
{
    if (text) {
        explicit_bzero(text, strlen(text));
        free(text);
    }
}

void dotenv_free(struct dotenv *dotenv)
{
    for (int i = 0; i < dotenv->count; i++) {
        free(dotenv->entries[i].name);
        wipe(dotenv->entries[i].value);
        wipe(dotenv->entries[i].literal);
    }
    free(dotenv->entries);
    *dotenv = (struct dotenv){ 0 };
}
