/* make_bomb.c - writes a small file that declares many pixels: make_bomb KIND FILE. */
#include "lib/bomb_heif.h"
#include "lib/bombs.h"

#include "io/file.h"

static struct blob bomb_of(const char *kind)
{
    return strcmp(kind, "bmp") == 0           ? bomb_bmp(9999, 9999, 24)
           : strcmp(kind, "gif") == 0         ? bomb_gif(9999, 9999)
           : strcmp(kind, "heic") == 0        ? bomb_heif("heic", 9999, 9999, 40000)
           : strcmp(kind, "avif") == 0        ? bomb_heif("avif", 9999, 9999, 100)
           : strcmp(kind, "webp") == 0        ? bomb_webp(9999, 9999)
           : strcmp(kind, "jpeg") == 0        ? bomb_jpeg(64, 30000, false)
           : strcmp(kind, "jpeg-short") == 0  ? bomb_jpeg(64, 9999, true)
           : strcmp(kind, "progressive") == 0 ? bomb_jpeg(9900, 0, true)
           : strcmp(kind, "interlaced") == 0  ? bomb_png(9900, 9900, true)
           : strcmp(kind, "png") == 0         ? bomb_png(9900, 9900, false)
                                              : (struct blob){ 0 };
}

int main(int argc, char **argv)
{
    struct blob file = argc == 3 ? bomb_of(argv[1]) : (struct blob){ 0 };
    struct error err;

    if (file.size == 0) {
        return 2;
    }
    if (!file_write(argv[2], file.data, file.size, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    blob_free(&file);
    return 0;
}
