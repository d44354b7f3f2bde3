/* keep_images.h - writes usable images into a folder and measures how long that takes. */
#ifndef BENCH_LOAD_KEEP_IMAGES_H
#define BENCH_LOAD_KEEP_IMAGES_H
#include "bench/load/sample.h"
#include "image/image.h"

/* Writes FOLDER/images/<target>-<sequence>.<extension> atomically, and the file's name and the time
 * into the sample. An image that cannot be written stays usable; sample->error says why. */
void keep_image(const char *folder, const char *target, const struct blob *file,
                enum image_format format, struct sample *sample);
#endif
