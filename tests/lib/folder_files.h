/* folder_files.h - files of a test's own folder. */
#ifndef TESTS_FOLDER_FILES_H
#define TESTS_FOLDER_FILES_H
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"

/* Writes the file `name` in `folder`; the test fails if that is impossible. */
static inline void folder_put(const char *folder, const char *name, const char *text)
{
    struct error err;
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!file_write(path, text, strlen(text), &err)) {
        fail_msg("%s", err.text);
    }
}

static inline void folder_drop(const char *folder, const char *name)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}
#endif
