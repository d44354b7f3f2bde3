/* inspect_heif.c - walks the boxes of a HEIF or AVIF file up to the size of its primary picture,
 * and what is done to that before it is shown. ISO/IEC 14496-12, 23008-12 (HEIF), AVIF 1.1. */
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/inspect/inspect.h"

/* Per pixel: decoded planes, a second copy while tiles are joined, and steps of the conversion to
 * RGB. The peak was 7 to 10 with libheif 1.15 and pictures of 8 bits, 13 with 10 bits. */
enum { DECODER_BYTES = 11, DECODER_BYTES_DEEP = 14 };

enum { ASSOCIATIONS_MAX = 64 };

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the HEIF file is broken: %s", what);
}

/* -- boxes ------------------------------------------------------------------------------------- */

struct heif_box { /* offsets in the file */
    char type[4];
    size_t body, end;
};

/* Reads the box at `at`, which must end before `end`. Returns false if there is none. */
static bool read_box(const struct blob *file, size_t at, size_t end, struct heif_box *out)
{
    const uint8_t *d = file->data;
    uint64_t size;

    if (at > end || end - at < 8) {
        return false;
    }
    size = read_be32(d + at);
    out->body = at + 8;
    memcpy(out->type, d + at + 4, 4);
    if (size == 1) {
        if (end - at < 16) {
            return false;
        }
        size = (uint64_t)read_be32(d + at + 8) << 32 | read_be32(d + at + 12);
        out->body = at + 16;
    } else if (size == 0) { /* up to the end */
        size = end - at;
    }
    if (size < out->body - at || size > end - at) {
        return false;
    }
    out->end = at + (size_t)size;
    return true;
}

static bool is_type(const struct heif_box *box, const char *type)
{
    return memcmp(box->type, type, 4) == 0;
}

/* Finds the first box of the type among those from `at` to `end`. */
static bool find_box(const struct blob *file, size_t at, size_t end, const char *type,
                     struct heif_box *out)
{
    while (read_box(file, at, end, out)) {
        if (is_type(out, type)) {
            return true;
        }
        at = out->end;
    }
    return false;
}

static size_t bytes_left(const struct heif_box *box, size_t at)
{
    return box->end > at ? box->end - at : 0;
}

/* -- properties of the primary picture --------------------------------------------------------- */

struct heif_walk {
    const struct blob *file;
    struct heif_box meta, properties; /* the latter: ipco */
    uint32_t primary;
    int associations[ASSOCIATIONS_MAX]; /* numbers of properties, from 1 */
    int count;
};

enum { FULL = 4 }; /* version and flags, before the content of many boxes */

static uint8_t version_of(const struct heif_walk *walk, const struct heif_box *box)
{
    return walk->file->data[box->body];
}

static bool find_primary(struct heif_walk *walk)
{
    struct heif_box box;
    const uint8_t *d = walk->file->data;

    if (!find_box(walk->file, walk->meta.body + FULL, walk->meta.end, "pitm", &box) ||
        bytes_left(&box, box.body) < FULL + 2) {
        return false;
    }
    if (version_of(walk, &box) == 0) {
        walk->primary = (uint32_t)(d[box.body + FULL] << 8 | d[box.body + FULL + 1]);
        return true;
    }
    if (bytes_left(&box, box.body) < FULL + 4) {
        return false;
    }
    walk->primary = read_be32(d + box.body + FULL);
    return true;
}

/* Reads one entry of a table of associations; keeps it if it is that of the primary picture.
 * Returns the position after the entry, 0 if it is cut off. */
static size_t read_association(struct heif_walk *walk, const struct heif_box *table, size_t at)
{
    const uint8_t *d = walk->file->data;
    size_t id_bytes = version_of(walk, table) == 0 ? 2 : 4;
    size_t bytes = d[table->body + 3] & 1 ? 2 : 1;
    uint32_t id;
    int count;

    if (bytes_left(table, at) < id_bytes + 1) {
        return 0;
    }
    id = id_bytes == 2 ? (uint32_t)(d[at] << 8 | d[at + 1]) : read_be32(d + at);
    count = d[at + id_bytes];
    at += id_bytes + 1;
    if (bytes_left(table, at) < (size_t)count * bytes) {
        return 0;
    }
    for (int i = 0; i < count && id == walk->primary && walk->count < ASSOCIATIONS_MAX; i++) {
        const uint8_t *entry = d + at + (size_t)i * bytes;

        walk->associations[walk->count++] =
            bytes == 2 ? (entry[0] & 0x7f) << 8 | entry[1] : entry[0] & 0x7f;
    }
    return at + (size_t)count * bytes;
}

static bool read_associations(struct heif_walk *walk)
{
    struct heif_box group, table;
    size_t next;

    if (!find_box(walk->file, walk->meta.body + FULL, walk->meta.end, "iprp", &group) ||
        !find_box(walk->file, group.body, group.end, "ipco", &walk->properties)) {
        return false;
    }
    next = walk->properties.end;
    while (find_box(walk->file, next, group.end, "ipma", &table)) {
        size_t at = table.body + FULL + 4;

        for (uint32_t i = 0; bytes_left(&table, table.body) >= FULL + 4 && at != 0 &&
                             i < read_be32(walk->file->data + table.body + FULL);
             i++) {
            at = read_association(walk, &table, at);
        }
        next = table.end;
    }
    return walk->count > 0;
}

/* A clean aperture: width and height as fractions, then the offset of its centre. */
static bool crop(const uint8_t *aperture, struct image_facts *out)
{
    double width = read_be32(aperture) / (double)read_be32(aperture + 4);
    double height = read_be32(aperture + 8) / (double)read_be32(aperture + 12);

    if (!(width >= 1 && width <= out->width && height >= 1 && height <= out->height)) {
        return false;
    }
    out->width = (int)(width + 0.5);
    out->height = (int)(height + 0.5);
    return true;
}

static void turn(uint8_t quarters, struct image_facts *out)
{
    if (quarters & 1) {
        int width = out->width;

        out->width = out->height;
        out->height = width;
    }
}

/* Applies a property in the order in which the file lists them. */
static bool apply_property(const struct heif_walk *walk, const struct heif_box *box,
                           struct image_facts *out)
{
    const uint8_t *body = walk->file->data + box->body;
    size_t size = bytes_left(box, box->body);

    if (is_type(box, "ispe")) {
        if (size < FULL + 8 || read_be32(body + FULL) > 65535 ||
            read_be32(body + FULL + 4) > 65535) {
            return false;
        }
        out->width = (int)read_be32(body + FULL);
        out->height = (int)read_be32(body + FULL + 4);
    } else if (is_type(box, "irot")) {
        turn(size > 0 ? body[0] : 0, out);
    } else if (is_type(box, "clap")) {
        return size >= 32 && crop(body, out);
    }
    return true;
}

static bool apply_properties(const struct heif_walk *walk, struct image_facts *out)
{
    for (int i = 0; i < walk->count; i++) {
        size_t at = walk->properties.body;
        struct heif_box box;
        int number = 0;

        while (number < walk->associations[i] &&
               read_box(walk->file, at, walk->properties.end, &box)) {
            at = box.end;
            number++;
        }
        if (number > 0 && number == walk->associations[i] && !apply_property(walk, &box, out)) {
            return false;
        }
    }
    return out->width > 0 && out->height > 0;
}

/* Returns true for the header of a stream with more than 8 bits per channel. */
static bool has_deep_pixels(const struct heif_box *box, const uint8_t *body, size_t size)
{
    return (is_type(box, "hvcC") && size > 17 && (body[17] & 7) > 0) ||
           (is_type(box, "av1C") && size > 2 && (body[2] & 0x40));
}

/* Any property of the file counts, whichever picture it belongs to: only memory depends on it, and
 * whether the pixels have an alpha, which is opaque if the primary picture has none. */
static void read_other_properties(const struct heif_walk *walk, struct image_facts *out)
{
    static const char *const alpha[] = { "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
                                         "urn:mpeg:hevc:2015:auxid:1" };
    struct heif_box box;

    for (size_t at = walk->properties.body; read_box(walk->file, at, walk->properties.end, &box);
         at = box.end) {
        const uint8_t *body = walk->file->data + box.body;
        size_t size = box.end - box.body;

        if (has_deep_pixels(&box, body, size)) {
            out->decoder_bytes = DECODER_BYTES_DEEP;
        }
        out->profile = out->profile || (is_type(&box, "colr") && size > 4);
        for (size_t i = 0; is_type(&box, "auxC") && i < sizeof alpha / sizeof *alpha; i++) {
            out->alpha = out->alpha || bytes_contain(body, size, alpha[i]);
        }
    }
}

/* -- file -------------------------------------------------------------------------------------- */

/* The boxes of the file must be complete; something else may follow them. */
static bool find_meta(const struct blob *file, struct heif_box *meta)
{
    struct heif_box box;
    size_t at = 0;
    bool found = false;

    while (read_box(file, at, file->size, &box)) {
        if (!found && is_type(&box, "meta") && box.end - box.body > FULL) {
            *meta = box;
            found = true;
        }
        at = box.end;
    }
    /* A rest that begins like a box of this format is a box that is cut off. */
    return found && (file->size - at < 8 || (memcmp(file->data + at + 4, "mdat", 4) != 0 &&
                                             memcmp(file->data + at + 4, "idat", 4) != 0));
}

bool heif_is_brand(const struct blob *file, const char *const *brands)
{
    if (file->size < 12 || memcmp(file->data + 4, "ftyp", 4) != 0) {
        return false;
    }
    for (; *brands; brands++) {
        if (memcmp(file->data + 8, *brands, 4) == 0) {
            return true;
        }
    }
    return false;
}

bool inspect_heif(const struct blob *file, struct image_facts *out, struct error *err)
{
    struct heif_walk walk = { .file = file };

    if (!find_meta(file, &walk.meta)) {
        return broken(err, "it is cut off, or holds no still picture");
    }
    if (!find_primary(&walk) || !read_associations(&walk) || !apply_properties(&walk, out)) {
        return broken(err, "its picture has no size");
    }
    out->decoder_bytes = DECODER_BYTES;
    read_other_properties(&walk, out);
    out->min_bytes = (int64_t)out->width * out->height / SPARSE_PIXELS_PER_BYTE;
    return true;
}
