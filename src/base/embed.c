/* embed.c - finds a file that the build embedded in the program. */
#include "base/embed.h"

#include <string.h>

const struct embedded *embed_find(const char *name)
{
    for (const struct embedded *file = embedded_files; file->name; file++) {
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}
