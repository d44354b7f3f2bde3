/* results_folder.c - writes results into a folder and keeps a list of the files it wrote. */
#include "demo/results_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "demo/run_folder.h"

static const char list_name[] =
    ".darkroom-demo"; /* written before each file, so that it lists every file */

enum { NAMES_BYTES = 64 * 1024 };

static void path_of(const struct results_folder *results_folder, const char *name, char *out,
                    size_t size)
{
    snprintf(out, size, "%s/%s", results_folder->path, name);
}

/* Fails if the folder contains files but no list of an earlier demo, or is not a folder. */
static bool inspect_folder(const char *path, bool *exists, struct error *err)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool empty = true, from_demo = false;

    *exists = folder != NULL;
    if (!folder) {
        return errno == ENOENT || error_set(err, ERROR_INPUT, "cannot use '%s' for the results: %s",
                                            path, strerror(errno));
    }
    while ((entry = readdir(folder))) {
        from_demo = from_demo || strcmp(entry->d_name, list_name) == 0 ||
                    strcmp(entry->d_name, RUN_FOLDER_NAME) == 0;
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    closedir(folder);
    if (!empty && !from_demo) {
        error_set(err, ERROR_INPUT, "'%.200s' contains files that darkroom did not write", path);
        return error_hint(err, "Choose a new folder: --out DIR.");
    }
    return true;
}

bool results_folder_check(const char *path, struct error *err)
{
    bool exists;

    return inspect_folder(path, &exists, err);
}

bool results_folder_open(struct results_folder *out, const char *path, struct error *err)
{
    bool exists;

    *out = (struct results_folder){ .created = false };
    text_begin(&out->names, NAMES_BYTES);
    if ((size_t)snprintf(out->path, sizeof out->path, "%s", path) >= sizeof out->path) {
        return error_set(err, ERROR_INPUT, "the name of the folder for the results is too long");
    }
    if (!inspect_folder(path, &exists, err)) {
        return false;
    }
    out->created = !exists;
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
    line = missing ? NULL : xstrndup((const char *)list.data, list.size);
    blob_free(&list);
    rest = line;
    for (char *name; good && (name = strsep(&rest, "\n"));) {
        if (*name && strlen(name) < 256 && !strchr(name, '/')) { /* the list may be forged */
            path_of(results_folder, name, path, sizeof path);
            good = file_remove(path, err);
        }
    }
    free(line);
    return good;
}

bool results_folder_add(struct results_folder *results_folder, const char *name, char *path,
                        size_t size, struct error *err)
{
    char list[sizeof results_folder->path + 300];

    if (!*name || strlen(name) >= 256 || strpbrk(name, "/\n")) {
        return error_set(err, ERROR_INTERNAL, "'%.60s' is not a valid file name for a result",
                         name);
    }
    text_printf(&results_folder->names, "%s\n", name);
    path_of(results_folder, list_name, list, sizeof list);
    path_of(results_folder, name, path, size);
    return file_write(list, results_folder->names.data, results_folder->names.size, err);
}

bool results_folder_put(struct results_folder *results_folder, const char *name, const void *data,
                        size_t size, struct error *err)
{
    char path[sizeof results_folder->path + 300];

    return results_folder_add(results_folder, name, path, sizeof path, err) &&
           file_write(path, data, size, err);
}

void results_folder_close(struct results_folder *results_folder)
{
    if (results_folder->created && results_folder->names.size == 0) {
        rmdir(results_folder->path); /* fails if it is not empty, which keeps it */
    }
    text_end(&results_folder->names);
}
