/* product_image.c - generates images, caches them as base64 text, and shares them. */
#include "standin/openai/product_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#include "base/base64.h"
#include "base/memory.h"
#include "base/random.h"
#include "image/codec/png_chunk.h"
#include "standin/openai/product_scene.h"

enum { CACHE = 64, VARIANTS = 4, PNG_HEAD = 33, LABEL = 60, JPEG_SEGMENT = 60000 };

struct cached {
    uint64_t key[3];
    struct product_image *picture;
};

struct product_images {
    struct cached rows[CACHE];
    unsigned next;
};

uint64_t hash_bytes(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    }
    return hash;
}

void product_image_retain(struct product_image *picture)
{
    atomic_fetch_add(&picture->references, 1);
}

void product_image_release(struct product_image *picture)
{
    if (picture && atomic_fetch_sub(&picture->references, 1) == 1) {
        free(picture->tail);
        free(picture);
    }
}

struct product_images *product_images_new(void)
{
    return xcalloc(1, sizeof(struct product_images));
}

void product_images_free(struct product_images *pictures)
{
    for (int i = 0; pictures && i < CACHE; i++) {
        product_image_release(pictures->rows[i].picture);
    }
    free(pictures);
}

/* Pads the file to about `want` bytes with random data in a chunk that decoders ignore. */
static bool pad_file(struct blob *file, const struct product_image *picture, size_t want,
                     struct error *err)
{
    size_t at = picture->jpeg ? picture->head_size : file->size - 12, more;
    uint64_t state = want;
    struct blob padded;
    uint8_t *to;

    if (picture->head_size == 0 || want < file->size + 12) {
        return true;
    }
    more = want - file->size;
    if (picture->jpeg) { /* full segments only */
        more = (more + JPEG_SEGMENT - 1) / JPEG_SEGMENT * JPEG_SEGMENT;
    }
    if (!blob_new(&padded, file->size + more, err)) {
        return false;
    }
    memcpy(padded.data, file->data, at);
    to = padded.data + at;
    for (size_t i = 0; i < more; i++) {
        to[i] = (uint8_t)random_next(&state);
    }
    if (!picture->jpeg) {
        png_chunk_close(to, "prVt", more - PNG_CHUNK_FRAME);
    }
    for (size_t i = 0; picture->jpeg && i < more; i += JPEG_SEGMENT) {
        static const uint8_t start[4] = { 0xff, 0xfe, (JPEG_SEGMENT - 2) >> 8,
                                          (JPEG_SEGMENT - 2) & 0xff };

        memcpy(to + i, start, sizeof start);
    }
    memcpy(to + more, file->data + at, file->size - at);
    blob_free(file);
    *file = padded;
    return true;
}

/* Sets head and head_size: the part of the file before the label chunk. */
static void set_head(struct product_image *picture, const struct blob *file)
{
    const uint8_t *d = file->data;
    size_t head = 0;

    if (file->size > PNG_HEAD && memcmp(d, "\x89PNG", 4) == 0) {
        head = PNG_HEAD;
    } else if (file->size > PRODUCT_IMAGE_HEAD && d[0] == 0xff && d[1] == 0xd8) {
        picture->jpeg = true;
        head = 2;
        if (d[2] == 0xff && d[3] == 0xe0) { /* the JFIF segment must be first */
            head += 2 + ((size_t)d[4] << 8 | d[5]);
        }
        head = head <= PRODUCT_IMAGE_HEAD ? head : 2;
    }
    picture->head_size = head;
    memcpy(picture->head, d, head);
}

static bool encode_webp(const struct image *image, int quality, struct blob *out, struct error *err)
{
    uint8_t *data = NULL;
    int stride = image->width * image->channels;
    size_t size = image->channels == 4 ? WebPEncodeRGBA(image->pixels, image->width, image->height,
                                                        stride, (float)quality, &data)
                                       : WebPEncodeRGB(image->pixels, image->width, image->height,
                                                       stride, (float)quality, &data);
    bool good = size > 0 ? blob_copy(out, data, size, err)
                         : error_set(err, ERROR_INTERNAL, "cannot encode webp");

    WebPFree(data);
    return good;
}

static bool encode(const struct product_image_spec *spec, struct blob *file, struct error *err)
{
    struct image image;
    bool good;

    if (!product_scene_draw(spec, &image, err)) {
        return false;
    }
    if (strcmp(spec->format, "jpeg") == 0) {
        good = image_encode_jpeg(&image, spec->compression < 10 ? 10 : spec->compression, true,
                                 file, err);
    } else if (strcmp(spec->format, "webp") == 0) {
        good = encode_webp(&image, spec->compression, file, err);
    } else {
        good = image_encode_png(&image, true, file, err);
    }
    image_free(&image);
    return good;
}

static bool make(const struct product_image_spec *spec, struct product_image **out,
                 struct error *err)
{
    struct product_image *picture = xcalloc(1, sizeof *picture);
    struct blob file = { 0 }, text = { 0 };
    bool good = encode(spec, &file, err);

    if (good) {
        set_head(picture, &file);
        good = pad_file(&file, picture, (size_t)spec->bytes, err);
    }
    if (good && spec->flaw == FAULT_CORRUPT) {
        for (size_t i = file.size / 2; i < file.size / 2 + 16 && i < file.size; i++) {
            file.data[i] ^= 0x55;
        }
    }
    good = good && base64_encode(file.data + picture->head_size, file.size - picture->head_size,
                                 &text, err);
    blob_free(&file);
    if (!good) {
        free(picture);
        return false;
    }
    picture->tail = malloc(text.size);
    picture->tail_size = picture->tail ? text.size : 0;
    if (picture->tail) {
        memcpy(picture->tail, text.data, text.size);
    }
    blob_free(&text);
    atomic_init(&picture->references, 1);
    *out = picture;
    return true;
}

bool product_images_get(struct product_images *pictures, const struct product_image_spec *spec,
                        struct product_image **out, struct error *err)
{
    struct product_image_spec one = *spec;
    uint64_t photo = spec->photo ? hash_bytes(spec->photo->data, spec->photo->size) : 0;
    struct cached *row;
    uint64_t key[3];

    one.seed = spec->seed % VARIANTS + 1;
    key[0] = (uint64_t)spec->width << 48 | (uint64_t)spec->height << 32 |
             (uint64_t)spec->format[0] << 24 | (uint64_t)spec->compression << 16 |
             (uint64_t)spec->flaw << 8 | one.seed << 2 | (spec->white ? 2u : 0) |
             (spec->transparent ? 1u : 0);
    key[1] = photo;
    key[2] = (uint64_t)spec->bytes;
    for (int i = 0; i < CACHE; i++) {
        row = &pictures->rows[i];
        if (row->picture && memcmp(row->key, key, sizeof key) == 0) {
            *out = row->picture;
            product_image_retain(*out);
            return true;
        }
    }
    if (!make(&one, out, err)) {
        return false;
    }
    row = &pictures->rows[pictures->next++ % CACHE];
    product_image_release(row->picture);
    memcpy(row->key, key, sizeof key);
    row->picture = *out;
    product_image_retain(*out);
    return true;
}

bool product_image_head(const struct product_image *picture, const char *label, char **out,
                        size_t *size, struct error *err)
{
    uint8_t bytes[PRODUCT_IMAGE_HEAD + LABEL + 32];
    size_t at = picture->head_size, label_size, chunk = picture->jpeg ? 4 : 12;
    char text[LABEL + 4];
    struct blob encoded;

    memcpy(bytes, picture->head, at);
    if (at > 0) {
        /* "Comment", a zero byte and the label, padded with spaces so that the size of head and
         * chunk is a multiple of 3: base64 text of the tail can then follow. */
        label_size = LABEL - (at + LABEL + chunk) % 3;
        memset(text, ' ', sizeof text);
        memcpy(text, "Comment", 8);
        memcpy(text + 8, label, strlen(label) < label_size - 8 ? strlen(label) : label_size - 8);
        if (picture->jpeg) {
            bytes[at++] = 0xff;
            bytes[at++] = 0xfe;
            bytes[at++] = 0;
            bytes[at++] = (uint8_t)(label_size + 2);
            memcpy(bytes + at, text, label_size);
            at += label_size;
        } else {
            memcpy(bytes + at + 8, text, label_size);
            at = (size_t)(png_chunk_close(bytes + at, "tEXt", label_size) - bytes);
        }
    }
    if (!base64_encode(bytes, at, &encoded, err)) {
        return false;
    }
    *size = encoded.size;
    *out = malloc(encoded.size + 1);
    if (*out) {
        memcpy(*out, encoded.data, encoded.size);
    }
    blob_free(&encoded);
    return *out != NULL || error_set(err, ERROR_INTERNAL, "out of memory");
}
