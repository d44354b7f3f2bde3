/* font_folder.c - reads the folder of the setting fonts. */
#include "app/font_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "draw/font.h"
#include "io/file.h"

/* Fonts of Chinese and Japanese have up to 30 MB. */
enum { FONT_MAX_BYTES = 48 << 20, FONTS_MOST = 100, PATH_BYTES = 4096 };

static bool is_font_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && name[0] != '.' &&
           (strcasecmp(dot, ".ttf") == 0 || strcasecmp(dot, ".otf") == 0 ||
            strcasecmp(dot, ".ttc") == 0);
}

static bool add_file(const char *folder, const char *name, struct error *err)
{
    char path[PATH_BYTES];
    struct blob file = { 0 };
    bool good;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return error_set(err, ERROR_CONFIG, "--fonts: the path of '%.60s' is too long", name);
    }
    if (!file_read(path, FONT_MAX_BYTES, &file, NULL, err)) {
        err->kind = ERROR_CONFIG;
        return false;
    }
    good = font_add(file.data, file.size) ||
           error_set(err, ERROR_CONFIG, "--fonts: '%.160s' is not a font", path);
    blob_free(&file);
    return good;
}

bool font_folder_add(const char *folder, struct error *err)
{
    DIR *open = opendir(folder);
    const struct dirent *entry;
    int count = 0;
    bool good = true;

    if (!open) {
        return error_set(err, ERROR_CONFIG, "--fonts: cannot read the folder '%.160s': %s", folder,
                         strerror(errno));
    }
    while (good && (entry = readdir(open))) {
        if (is_font_name(entry->d_name)) {
            good = (++count <= FONTS_MOST ||
                    error_set(err, ERROR_CONFIG, "--fonts: '%.160s' has more than %d fonts", folder,
                              FONTS_MOST)) &&
                   add_file(folder, entry->d_name, err);
        }
    }
    closedir(open);
    if (good && count == 0) {
        error_set(err, ERROR_CONFIG, "--fonts: '%.160s' has no font", folder);
        good = error_hint(err, "Fonts are files named .ttf, .otf or .ttc.");
    }
    return good;
}
