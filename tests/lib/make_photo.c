/* make_photo.c - writes a product photo for tests: a blue bottle on a plain light backdrop.
 *
 * Usage: make_photo [--pale] FILE [MARK]. A pale bottle has almost the backdrop's colour. With a
 * mark, the file has it in EXIF, in a comment and after its
 * end, as cameras write places and serial numbers. */
#include <stdio.h>
#include <string.h>

#include "image/image.h"
#include "io/file.h"

enum { SIDE = 1200, LEFT = 400, RIGHT = 800, TOP = 150, BOTTOM = 1080 };

static void paint(struct image *image, bool pale)
{
    memset(image->pixels, 238, (size_t)SIDE * SIDE * 3);
    for (int y = TOP; y < BOTTOM; y++) {
        int inset = y < 350 ? 100 : 0; /* the neck is narrower */

        for (int x = LEFT + inset; x < RIGHT - inset; x++) {
            uint8_t *p = image->pixels + ((size_t)y * SIDE + (size_t)x) * 3;

            if (pale) {
                memset(p, 228 + (x * 7 + y * 13) % 4, 3);
                continue;
            }
            p[0] = (uint8_t)(30 + (x - LEFT) / 5);
            p[1] = (uint8_t)(70 + (x * 7 + y * 13) % 23);
            p[2] = (uint8_t)(150 - (y - TOP) / 12);
        }
    }
}

static bool add(struct blob *file, size_t at, const void *data, size_t size, struct error *err)
{
    struct blob changed;

    if (!blob_new(&changed, file->size + size, err)) {
        return false;
    }
    memcpy(changed.data, file->data, at);
    memcpy(changed.data + at, data, size);
    memcpy(changed.data + at + size, file->data + at, file->size - at);
    blob_free(file);
    *file = changed;
    return true;
}

static bool add_mark(struct blob *file, const char *mark, struct error *err)
{
    char exif[300], comment[300];
    size_t length = strlen(mark) < 200 ? strlen(mark) : 200;

    memcpy(exif, "\xff\xe1__Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0GPS ", 28);
    memcpy(exif + 28, mark, length);
    exif[2] = 0;
    exif[3] = (char)(26 + length);
    memcpy(comment, "\xff\xfe__", 4);
    memcpy(comment + 4, mark, length);
    comment[2] = 0;
    comment[3] = (char)(2 + length);
    return add(file, file->size, mark, length, err) && add(file, 2, comment, 4 + length, err) &&
           add(file, 2, exif, 28 + length, err);
}

int main(int argc, char **argv)
{
    struct image image;
    struct error err;
    struct blob file;
    bool pale = argc > 1 && strcmp(argv[1], "--pale") == 0;

    argc -= pale;
    argv += pale;
    if (argc < 2 || argc > 3 || !image_new(SIDE, SIDE, 3, &image, &err)) {
        return 2;
    }
    paint(&image, pale);
    if (!image_encode_jpeg(&image, 92, false, &file, &err) ||
        (argc == 3 && !add_mark(&file, argv[2], &err)) ||
        !file_write(argv[1], file.data, file.size, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    blob_free(&file);
    image_free(&image);
    return 0;
}
