/* results_folder.c - a folder of results that never mixes with what a person keeps. */
#include "demo/results_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char list_name[] = ".darkroom-demo"; /* first of all files, so that none is unnamed */

enum { NAMES_BYTES = 64 * 1024 };

static void path_of(const struct results_folder *results_folder, const char *name, char *out,
                    size_t size)
{
    snprintf(out, size, "%s/%s", results_folder->path, name);
}

/* Is anything in it, and did a demo put it there? */
static bool look_into(const struct results_folder *results_folder, bool *there, bool *empty,
                      bool *ours, struct error *err)
{
    DIR *folder = opendir(results_folder->path);
    const struct dirent *entry;

    *there = *ours = false;
    *empty = true;
    if (!folder) {
        return errno == ENOENT || error_set(err, ERROR_INPUT, "cannot use '%s' for the results: %s",
                                            results_folder->path, strerror(errno));
    }
    *there = true;
    while ((entry = readdir(folder))) {
        *ours = *ours || strcmp(entry->d_name, list_name) == 0;
        *empty = *empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    closedir(folder);
    return true;
}

bool results_folder_open(struct results_folder *out, const char *path, struct error *err)
{
    bool there, empty, ours;

    *out = (struct results_folder){ .made = false };
    text_begin(&out->names, NAMES_BYTES);
    if ((size_t)snprintf(out->path, sizeof out->path, "%s", path) >= sizeof out->path) {
        return error_set(err, ERROR_INPUT, "the name of the folder for the results is too long");
    }
    if (!look_into(out, &there, &empty, &ours, err)) {
        return false;
    }
    if (!empty && !ours) {
        error_set(err, ERROR_INPUT, "'%.200s' holds other files, not those of a demo", path);
        return error_hint(err, "Name a new folder: darkroom demo --out DIR.");
    }
    out->made = !there;
    if (!folder_make(path, err)) {
        return false;
    }
    if (access(path, W_OK) != 0) {
        return error_set(err, ERROR_INPUT, "cannot write into '%.200s': %s", path, strerror(errno));
    }
    return true;
}

bool results_folder_clear(struct results_folder *results_folder, struct error *err)
{
    char path[sizeof results_folder->path + 300], *line, *rest;
    struct blob list;
    bool missing = false, good = true;

    path_of(results_folder, list_name, path, sizeof path);
    if (!file_read(path, NAMES_BYTES, &list, &missing, err)) {
        return false;
    }
    line = missing ? NULL : strndup((const char *)list.data, list.size);
    blob_free(&list);
    rest = line;
    for (char *name; good && (name = strsep(&rest, "\n"));) {
        if (*name && strlen(name) < 256 && !strchr(name, '/')) { /* the list may be anybody's */
            path_of(results_folder, name, path, sizeof path);
            good = file_remove(path, err);
        }
    }
    free(line);
    return good;
}

bool results_folder_put(struct results_folder *results_folder, const char *name, const void *data,
                        size_t size, struct error *err)
{
    char path[sizeof results_folder->path + 300];

    if (!*name || strlen(name) >= 256 || strpbrk(name, "/\n")) {
        return error_set(err, ERROR_INTERNAL, "'%.60s' is no name for a result", name);
    }
    text_printf(&results_folder->names, "%s\n", name);
    path_of(results_folder, list_name, path, sizeof path);
    if (!file_write(path, results_folder->names.data, results_folder->names.size, err)) {
        return false;
    }
    path_of(results_folder, name, path, sizeof path);
    return file_write(path, data, size, err);
}

void results_folder_close(struct results_folder *results_folder)
{
    if (results_folder->made && results_folder->names.size == 0) {
        rmdir(results_folder->path); /* fails where it is not empty: then it stays */
    }
    text_end(&results_folder->names);
}
