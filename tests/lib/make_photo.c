/* make_photo.c - writes a product photo for tests: a blue bottle on a plain light backdrop. */
#include <stdio.h>
#include <string.h>

#include "image/image.h"
#include "io/file.h"

enum { SIDE = 1200, LEFT = 400, RIGHT = 800, TOP = 150, BOTTOM = 1080 };

static void paint(struct image *image)
{
    memset(image->pixels, 238, (size_t)SIDE * SIDE * 3);
    for (int y = TOP; y < BOTTOM; y++) {
        int inset = y < 350 ? 100 : 0; /* the neck is narrower */

        for (int x = LEFT + inset; x < RIGHT - inset; x++) {
            uint8_t *p = image->pixels + ((size_t)y * SIDE + (size_t)x) * 3;

            p[0] = (uint8_t)(30 + (x - LEFT) / 5);
            p[1] = (uint8_t)(70 + (x * 7 + y * 13) % 23);
            p[2] = (uint8_t)(150 - (y - TOP) / 12);
        }
    }
}

int main(int argc, char **argv)
{
    struct image image;
    struct error err;
    struct blob file;

    if (argc != 2 || !image_new(SIDE, SIDE, 3, &image, &err)) {
        return 2;
    }
    paint(&image);
    if (!image_encode_jpeg(&image, 92, false, &file, &err) ||
        !file_write(argv[1], file.data, file.size, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    blob_free(&file);
    image_free(&image);
    return 0;
}
