/* program_path.c - how to start this program from the current folder. */
#include "app/program_path.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* True if `name` in one of the folders of PATH is the file `path`. */
static bool is_found_in_path(const char *name, const char *path)
{
    const char *folders = getenv("PATH");
    struct stat self, found;
    char candidate[PATH_MAX];

    if (stat(path, &self) != 0) {
        return false;
    }
    while (folders && *folders) {
        size_t size = strcspn(folders, ":");

        snprintf(candidate, sizeof candidate, "%.*s/%s", (int)size, folders, name);
        if (access(candidate, X_OK) == 0 && stat(candidate, &found) == 0) {
            return found.st_dev == self.st_dev && found.st_ino == self.st_ino;
        }
        folders += size + (folders[size] == ':');
    }
    return false;
}

void program_path(char *out, size_t size)
{
    char path[PATH_MAX], folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    size_t prefix;

    path[length > 0 ? length : 0] = '\0';
    prefix = getcwd(folder, sizeof folder) ? strlen(folder) : 0;
    if (length <= 0 || is_found_in_path("darkroom", path)) {
        snprintf(out, size, "darkroom");
    } else if (prefix > 1 && strncmp(path, folder, prefix) == 0 && path[prefix] == '/') {
        snprintf(out, size, ".%s", path + prefix);
    } else {
        snprintf(out, size, "%s", path);
    }
}
