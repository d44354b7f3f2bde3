/* histogram_log.c - writes HdrHistogram's log format, version 1.3. */
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "bench/stats/histogram.h"

enum {
    COOKIE = 0x1c849303 | 0x10,
    COOKIE_COMPRESSED = 0x1c849304 | 0x10,
    HEAD =
        40, /* cookie, length, offset, digits: 4 bytes each; lowest, highest, ratio: 8 bytes each */
    COUNT_MAX = 9, /* bytes of one count */
};

struct byte_writer {
    uint8_t *at;
};

static void put_number(struct byte_writer *writer, uint64_t value, int bytes) /* big endian */
{
    for (int i = bytes - 1; i >= 0; i--) {
        *writer->at++ = (uint8_t)(value >> (8 * i));
    }
}

/* ZigZag encoding in groups of seven bits; the ninth byte has eight. */
static void put_count(struct byte_writer *writer, int64_t count)
{
    uint64_t bits = ((uint64_t)count << 1) ^ (uint64_t)(count >> 63);

    for (int i = 0; i < COUNT_MAX - 1 && bits >> 7; i++, bits >>= 7) {
        *writer->at++ = (uint8_t)(bits | 0x80);
    }
    *writer->at++ = (uint8_t)bits;
}

/* Writes the counts up to the last that is not 0. A run of zeros is written as its negative length,
 * a single zero as 0. */
static void put_counts(struct byte_writer *writer, const struct histogram *histogram)
{
    int32_t end = histogram->size;

    while (end > 0 && histogram->counts[end - 1] == 0) {
        end--;
    }
    for (int32_t i = 0; i < end;) {
        int32_t begin = i;

        while (i < end && histogram->counts[i] == 0) {
            i++;
        }
        put_count(writer, i > begin + 1 ? begin - i : i > begin ? 0 : histogram->counts[i++]);
    }
}

static bool encode(const struct histogram *histogram, struct blob *out, struct error *err)
{
    static const double ratio = 1;
    struct byte_writer writer;
    uint64_t bits;

    if (!blob_new(out, HEAD + (size_t)histogram->size * COUNT_MAX, err)) {
        return false;
    }
    memcpy(&bits, &ratio, sizeof bits);
    writer.at = out->data + HEAD;
    put_counts(&writer, histogram);
    out->size = (size_t)(writer.at - out->data);
    writer.at = out->data;
    put_number(&writer, COOKIE, 4);
    put_number(&writer, out->size - HEAD, 4);
    put_number(&writer, 0, 4); /* normalizing index offset */
    put_number(&writer, (uint64_t)histogram->digits, 4);
    put_number(&writer, 1, 8);
    put_number(&writer, (uint64_t)histogram->highest, 8);
    put_number(&writer, bits, 8);
    return true;
}

static bool compress(const struct blob *plain, struct blob *out, struct error *err)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    size_t capacity, made = 0;

    if (!compressor) {
        return error_set(err, ERROR_INTERNAL, "no memory to compress a histogram");
    }
    capacity = libdeflate_zlib_compress_bound(compressor, plain->size);
    if (blob_new(out, 8 + capacity, err)) {
        struct byte_writer writer = { out->data };

        made =
            libdeflate_zlib_compress(compressor, plain->data, plain->size, out->data + 8, capacity);
        put_number(&writer, COOKIE_COMPRESSED, 4);
        put_number(&writer, made, 4);
        out->size = 8 + made;
    }
    libdeflate_free_compressor(compressor);
    return made > 0;
}

bool histogram_log_line(const struct histogram *histogram, const char *tag, double start_s,
                        double length_s, double unit, struct text *out, struct error *err)
{
    struct blob plain = { 0 }, packed = { 0 }, letters = { 0 };
    bool good = encode(histogram, &plain, err) && compress(&plain, &packed, err) &&
                base64_encode(packed.data, packed.size, &letters, err);

    if (good) {
        if (tag[0]) {
            text_printf(out, "Tag=%s,", tag);
        }
        text_printf(out, "%.3f,%.3f,%.3f,", start_s, length_s, (double)histogram->max / unit);
        text_add_bytes(out, letters.data, letters.size);
        text_add_char(out, '\n');
    }
    blob_free(&letters);
    blob_free(&packed);
    blob_free(&plain);
    return good;
}

void histogram_log_header(double start_s, const char *program, struct text *out)
{
    text_printf(out, "#[Logged with %s]\n", program);
    text_add(out, "#[Histogram log format version 1.3]\n");
    text_printf(out, "#[StartTime: %.3f (seconds since epoch)]\n", start_s);
    text_add(out, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                  "\"Interval_Compressed_Histogram\"\n");
}
