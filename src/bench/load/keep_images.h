/* keep_images.h - usable images into a folder, each whole or not at all, and how long that took. */
#ifndef BENCH_LOAD_KEEP_IMAGES_H
#define BENCH_LOAD_KEEP_IMAGES_H
#include "bench/load/sample.h"
#include "image/image.h"

/* FOLDER/images/<target>-<n>.<extension>; its name in `folder` and its time go into the sample.
 * One that cannot be kept is usable all the same: the sample's error says why. On the pool. */
void keep_image(const char *folder, const char *target, const struct blob *file,
                enum image_format format, struct sample *sample);
#endif
