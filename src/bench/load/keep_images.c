/* keep_images.c - writes generated images to disk. */
#include "bench/load/keep_images.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/file.h"

enum { NAME = 48, PATH = 1400 };

/* Turns a target's name into a part of a file name: keeps letters, digits and dots, and replaces
 * other characters by dashes. */
static void safe_file_name(const char *target, char out[NAME])
{
    size_t size = 0;

    for (; *target && size < NAME - 1; target++) {
        bool plain = (*target >= 'a' && *target <= 'z') || (*target >= 'A' && *target <= 'Z') ||
                     (*target >= '0' && *target <= '9') || (*target == '.' && size > 0);

        if (plain || (size > 0 && out[size - 1] != '-')) {
            out[size++] = plain ? *target : '-';
        }
    }
    out[size] = '\0';
}

void keep_image(const char *folder, const char *target, const struct blob *file,
                enum image_format format, struct sample *sample)
{
    int64_t began = clock_mono_us();
    char name[NAME], path[PATH];
    struct error err;

    safe_file_name(target, name);
    snprintf(sample->image, sizeof sample->image, "images/%s-%d.%s", name, sample->sequence,
             format_extension(format));
    snprintf(path, sizeof path, "%s/%s", folder, sample->image);
    if (file_write(path, file->data, file->size, &err)) {
        sample->store_us = clock_mono_us() - began;
    } else {
        sample->image[0] = '\0';
        snprintf(sample->error, sizeof sample->error, "not kept: %.180s", err.text);
    }
}
