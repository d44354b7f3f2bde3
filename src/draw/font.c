/* font.c - embedded fonts: each is put into a file in memory, which fontconfig opens by name. */
#include "draw/font.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/embed.h"

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
/* Fontconfig stores pointers as offsets, which the leak checker cannot follow. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
#endif

static FcConfig *config;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The file stays open for the life of the process, because text is drawn from it later. Returns
 * false if it is no font. */
static bool add_bytes(const uint8_t *data, size_t size)
{
    char path[40];
    size_t written = 0;
    int fd = memfd_create("font", MFD_CLOEXEC);

    if (fd < 0) {
        return false; /* the system's fonts remain */
    }
    while (written < size) {
        ssize_t part = write(fd, data + written, size - written);

        if (part <= 0) {
            close(fd);
            return false;
        }
        written += (size_t)part;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!FcConfigAppFontAddFile(config, (const FcChar8 *)path)) {
        close(fd);
        return false;
    }
    return true;
}

static void config_make(void)
{
    config = FcInitLoadConfigAndFonts();
    for (const struct embedded *file = embedded_files; config && file->name; file++) {
        if (strncmp(file->name, "assets/fonts/", 13) == 0 && !strstr(file->name, ".txt")) {
            add_bytes(file->data, file->size);
        }
    }
}

FcConfig *font_config(void)
{
    pthread_once(&once, config_make);
    return config;
}

bool font_add(const void *data, size_t size)
{
    return font_config() && add_bytes(data, size);
}

bool font_has_family(const char *family)
{
    FcPattern *pattern = FcPatternCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcFontSet *fonts = NULL;
    bool found = false;

    if (pattern && objects && font_config() &&
        FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family)) {
        fonts = FcFontList(font_config(), pattern, objects);
        found = fonts && fonts->nfont > 0;
    }
    if (fonts) {
        FcFontSetDestroy(fonts);
    }
    if (objects) {
        FcObjectSetDestroy(objects);
    }
    if (pattern) {
        FcPatternDestroy(pattern);
    }
    return found;
}
