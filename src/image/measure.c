/* measure.c - sums over all pixels. Each loop is written once and compiled twice: for the
 * baseline processor and for AVX2. Integers only, so that both give the same result. */
#include "image/measure.h"

#include <math.h>

#define INLINE static inline __attribute__((always_inline))

enum { TILE = 2048 }; /* pixels whose sum of squares fits 32 bits */

struct sums {
    uint64_t total, squares;
};

INLINE void add_brightness(const uint8_t *p, size_t count, size_t step, struct sums *sums)
{
    uint32_t total = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t value = (uint32_t)(p[i * step] * 2 + p[i * step + 1] * 5 + p[i * step + 2]) >> 3;

        total += value;
        squares += value * value;
    }
    sums->total += total;
    sums->squares += squares;
}

INLINE void add_all_brightness(const struct image *image, size_t step, struct sums *sums)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    for (size_t at = 0; at < count; at += TILE) {
        add_brightness(image->pixels + at * step, count - at < TILE ? count - at : TILE, step,
                       sums);
    }
}

INLINE void read_green(const uint8_t *p, size_t count, size_t step, int16_t *restrict to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = p[i * step + 1];
    }
}

/* Processes the inner part of a row; each of the three rows extends by one pixel at both ends. */
INLINE uint32_t edges_of(const int16_t *above, const int16_t *row, const int16_t *below,
                         size_t count)
{
    uint32_t squares = 0;

    for (size_t i = 1; i <= count; i++) {
        int16_t value = (int16_t)(4 * row[i] - row[i - 1] - row[i + 1] - above[i] - below[i]);

        squares += (uint32_t)((int32_t)value * value);
    }
    return squares;
}

/* Processes a vertical strip of the image, keeping three rows of green. */
INLINE uint64_t edges_of_strip(const struct image *image, size_t x, size_t count, size_t step)
{
    size_t stride = (size_t)image->width * step;
    const uint8_t *p = image->pixels + x * step;
    int16_t rows[3][TILE + 2];
    uint64_t squares = 0;

    read_green(p, count + 2, step, rows[0]);
    read_green(p + stride, count + 2, step, rows[1]);
    for (size_t y = 1; y + 1 < (size_t)image->height; y++) {
        read_green(p + (y + 1) * stride, count + 2, step, rows[(y + 1) % 3]);
        squares += edges_of(rows[(y - 1) % 3], rows[y % 3], rows[(y + 1) % 3], count);
    }
    return squares;
}

INLINE uint64_t all_edges(const struct image *image, size_t step)
{
    size_t inner = (size_t)image->width - 2;
    uint64_t squares = 0;

    for (size_t x = 0; x < inner; x += TILE) {
        squares += edges_of_strip(image, x, inner - x < TILE ? inner - x : TILE, step);
    }
    return squares;
}

INLINE void from_white(const uint8_t *restrict p, size_t count, size_t step, uint8_t max_distance,
                       uint8_t *restrict map)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t a = p[i * step], b = p[i * step + 1], c = p[i * step + 2];
        uint8_t smallest = a < b ? a : b, off;

        smallest = c < smallest ? c : smallest;
        off = (uint8_t)(255 - smallest);
        map[i] = off > max_distance ? 255 : off;
    }
}

INLINE void all_from_white(const struct image *image, uint8_t max_distance, uint8_t *map)
{
    size_t count = (size_t)image->width * (size_t)image->height;

    if (image->channels == 4) {
        from_white(image->pixels, count, 4, max_distance, map);
    } else {
        from_white(image->pixels, count, 3, max_distance, map);
    }
}

INLINE struct sums brightness(const struct image *image)
{
    struct sums sums = { 0 };

    if (image->channels == 4) {
        add_all_brightness(image, 4, &sums);
    } else {
        add_all_brightness(image, 3, &sums);
    }
    return sums;
}

INLINE uint64_t edges(const struct image *image)
{
    return image->channels == 4 ? all_edges(image, 4) : all_edges(image, 3);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static struct sums brightness_avx2(const struct image *image)
{
    return brightness(image);
}

__attribute__((target("avx2"))) static uint64_t edges_avx2(const struct image *image)
{
    return edges(image);
}

__attribute__((target("avx2"))) static void from_white_avx2(const struct image *image,
                                                            uint8_t max_distance, uint8_t *map)
{
    all_from_white(image, max_distance, map);
}

static struct sums best_brightness(const struct image *image)
{
    return __builtin_cpu_supports("avx2") ? brightness_avx2(image) : brightness(image);
}

static uint64_t best_edges(const struct image *image)
{
    return __builtin_cpu_supports("avx2") ? edges_avx2(image) : edges(image);
}

void measure_from_white(const struct image *image, uint8_t max_distance, uint8_t *map)
{
    if (__builtin_cpu_supports("avx2")) {
        from_white_avx2(image, max_distance, map);
    } else {
        all_from_white(image, max_distance, map);
    }
}
#else
#define best_brightness brightness
#define best_edges edges

void measure_from_white(const struct image *image, uint8_t max_distance, uint8_t *map)
{
    all_from_white(image, max_distance, map);
}
#endif

double measure_contrast(const struct image *image)
{
    double count = (double)image->width * image->height;
    struct sums sums = best_brightness(image);
    double mean = (double)sums.total / count;

    return sqrt(fmax(0, (double)sums.squares / count - mean * mean));
}

double measure_sharpness(const struct image *image)
{
    double count = (double)(image->width - 2) * (image->height - 2);

    return image->width > 2 && image->height > 2 ? sqrt((double)best_edges(image) / count) : 0;
}

size_t measure_transparent(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height, clear = 0;

    for (size_t i = 0; image->channels == 4 && i < count; i++) {
        clear += image->pixels[i * 4 + 3] != 255;
    }
    return clear;
}

/* Counts the visible pixels of a row of four channels. */
static int count_visible(const uint8_t *row, int width, uint8_t min_alpha)
{
    int count = 0;

    for (int x = 0; x < width; x++) {
        count += row[x * 4 + 3] >= min_alpha;
    }
    return count;
}

int64_t measure_visible(const struct image *image, uint8_t min_alpha, struct pixel_box *box)
{
    int64_t count = 0;

    if (image->channels != 4) {
        *box = (struct pixel_box){ 0, 0, image->width - 1, image->height - 1 };
        return (int64_t)image->width * image->height;
    }
    *box = (struct pixel_box){ image->width, image->height, -1, -1 };
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->pixels + (size_t)y * (size_t)image->width * 4;
        int visible = count_visible(row, image->width, min_alpha), left = 0;
        int right = image->width - 1;

        if (visible == 0) {
            continue;
        }
        while (row[left * 4 + 3] < min_alpha) {
            left++;
        }
        while (row[right * 4 + 3] < min_alpha) {
            right--;
        }
        count += visible;
        box->left = left < box->left ? left : box->left;
        box->right = right > box->right ? right : box->right;
        box->top = y < box->top ? y : box->top;
        box->bottom = y;
    }
    return count;
}
