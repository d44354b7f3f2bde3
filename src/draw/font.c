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

/* The file stays open for the life of the process, because text is drawn from it later. */
static void font_add(const struct embedded *file)
{
    char path[40];
    size_t written = 0;
    int fd = memfd_create("font", MFD_CLOEXEC);

    if (fd < 0) {
        return; /* the system's fonts remain */
    }
    while (written < file->size) {
        ssize_t part = write(fd, file->data + written, file->size - written);

        if (part <= 0) {
            close(fd);
            return;
        }
        written += (size_t)part;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!FcConfigAppFontAddFile(config, (const FcChar8 *)path)) {
        close(fd);
    }
}

static void config_make(void)
{
    config = FcInitLoadConfigAndFonts();
    for (const struct embedded *file = embedded_files; config && file->name; file++) {
        if (strncmp(file->name, "assets/fonts/", 13) == 0 && !strstr(file->name, ".txt")) {
            font_add(file);
        }
    }
}

FcConfig *font_config(void)
{
    pthread_once(&once, config_make);
    return config;
}
