/* bomb_heif.h - HEIF and AVIF files that declare many pixels and hold none. */
#ifndef TESTS_LIB_BOMB_HEIF_H
#define TESTS_LIB_BOMB_HEIF_H
#include "lib/bombs.h"

static inline void bomb_box(struct blob *file, const char *type, const void *body, size_t size)
{
    uint8_t head[8] = { (uint8_t)((size + 8) >> 24), (uint8_t)((size + 8) >> 16),
                        (uint8_t)((size + 8) >> 8), (uint8_t)(size + 8) };

    memcpy(head + 4, type, 4);
    bomb_add(file, head, sizeof head);
    bomb_add(file, body, size);
}

/* A HEIF file of brand "heic" or "avif" that declares a size, and has `filler` bytes in place of a
 * picture. */
static inline struct blob bomb_heif(const char *brand, uint16_t width, uint16_t height,
                                    size_t filler)
{
    uint8_t size[12] = { 0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         (uint8_t)(width >> 8),
                         (uint8_t)width,
                         0,
                         0,
                         (uint8_t)(height >> 8),
                         (uint8_t)height };
    struct blob file = { 0 }, properties = { 0 }, container = { 0 }, meta = { 0 };
    uint8_t *zeros = calloc(filler + 1, 1);

    if (!zeros) {
        abort();
    }
    bomb_box(&properties, "ispe", size, sizeof size);
    bomb_box(&container, "ipco", properties.data, properties.size);
    bomb_box(&container, "ipma", "\0\0\0\0\0\0\0\1\0\1\1\1", 12);
    bomb_add(&meta, "\0\0\0\0", 4);
    bomb_box(&meta, "hdlr", "\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0", 25);
    bomb_box(&meta, "pitm", "\0\0\0\0\0\1", 6);
    bomb_box(&meta, "iprp", container.data, container.size);
    bomb_add(&file,
             "\0\0\0\x14"
             "ftyp",
             8);
    bomb_add(&file, brand, 4);
    bomb_add(&file, "\0\0\0\0mif1", 8);
    bomb_box(&file, "meta", meta.data, meta.size);
    bomb_box(&file, "mdat", zeros, filler);
    blob_free(&properties);
    blob_free(&container);
    blob_free(&meta);
    free(zeros);
    return file;
}
#endif
