/* ground.c - flood fill from the border over white and almost white pixels, span by span.
 *
 * A map holds one byte per pixel: its distance from white, 255 if that is too large, and the bit
 * GROUND once the fill has reached it. Eight pixels are tested at a time, as one word. */
#include "image/ground.h"

#include <stdlib.h>
#include <string.h>

#include "image/measure.h"

enum { GROUND = 0x20 };

static const uint64_t dark_or_filled_bits = 0xe0e0e0e0e0e0e0e0, ground_bits = 0x2020202020202020;

static uint8_t distance_from_white(const uint8_t *p)
{
    uint8_t smallest = p[0] < p[1] ? p[0] : p[1];

    smallest = p[2] < smallest ? p[2] : smallest;
    return (uint8_t)(255 - smallest);
}

struct ground_span {
    int x, y;
};

struct ground_flood {
    int width, height;
    uint8_t *map;
    struct ground_span *stack; /* one pixel of each span that remains to be filled */
    size_t count, capacity;
};

static bool push(struct ground_flood *flood, int x, int y)
{
    if (flood->count == flood->capacity) {
        size_t capacity = flood->capacity ? flood->capacity * 2 : 1024;
        struct ground_span *grown = realloc(flood->stack, capacity * sizeof *grown);

        if (!grown) {
            return false;
        }
        flood->stack = grown;
        flood->capacity = capacity;
    }
    flood->stack[flood->count++] = (struct ground_span){ x, y };
    return true;
}

static uint64_t word_at(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

static bool is_unfilled(uint8_t value)
{
    return value <= NEAR_WHITE;
}

/* Marks the white, unfilled pixels from x to the right. Returns the first other pixel. */
static int fill_right(uint8_t *row, int x, int width)
{
    for (; x + 8 <= width && !(word_at(row + x) & dark_or_filled_bits); x += 8) {
        uint64_t word = word_at(row + x) | ground_bits;

        memcpy(row + x, &word, sizeof word);
    }
    for (; x < width && is_unfilled(row[x]); x++) {
        row[x] |= GROUND;
    }
    return x;
}

static int fill_left(uint8_t *row, int x)
{
    while (x > 0 && is_unfilled(row[x - 1])) {
        row[--x] |= GROUND;
    }
    return x;
}

/* Pushes each run of unfilled pixels between two columns of a row. */
static bool push_runs(struct ground_flood *flood, int y, int from, int to)
{
    const uint8_t *row = flood->map + (size_t)y * (size_t)flood->width;

    for (int x = from; x < to;) {
        if (x + 8 <= to && (word_at(row + x) & ground_bits) == ground_bits) {
            x += 8; /* not white, or already marked */
            continue;
        }
        if (!is_unfilled(row[x])) {
            x++;
            continue;
        }
        if (!push(flood, x, y)) {
            return false;
        }
        while (x < to && is_unfilled(row[x])) {
            x += x + 8 <= to && !(word_at(row + x) & dark_or_filled_bits) ? 8 : 1;
        }
    }
    return true;
}

static bool fill_spans(struct ground_flood *flood)
{
    while (flood->count > 0) {
        struct ground_span at = flood->stack[--flood->count];
        uint8_t *row = flood->map + (size_t)at.y * (size_t)flood->width;
        int left, right;

        if (!is_unfilled(row[at.x])) {
            continue;
        }
        right = fill_right(row, at.x, flood->width);
        left = fill_left(row, at.x);
        if ((at.y > 0 && !push_runs(flood, at.y - 1, left, right)) ||
            (at.y + 1 < flood->height && !push_runs(flood, at.y + 1, left, right))) {
            return false;
        }
    }
    return true;
}

static bool push_border(struct ground_flood *flood)
{
    for (int y = 1; y + 1 < flood->height; y++) {
        if (!push_runs(flood, y, 0, 1) || !push_runs(flood, y, flood->width - 1, flood->width)) {
            return false;
        }
    }
    return push_runs(flood, 0, 0, flood->width) &&
           push_runs(flood, flood->height - 1, 0, flood->width);
}

/* Returns the flooded map of an image, or NULL if memory runs out. */
static uint8_t *flooded(const struct image *image, const uint8_t *coverage)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    struct ground_flood flood = { .width = image->width,
                                  .height = image->height,
                                  .map = calloc(count, 1) };
    bool good = flood.map != NULL;

    if (good) {
        measure_from_white(image, NEAR_WHITE, flood.map);
    }
    for (size_t i = 0; good && coverage && i < count; i++) {
        flood.map[i] = coverage[i] >= COVERED ? 255 : flood.map[i];
    }
    good = good && push_border(&flood) && fill_spans(&flood);
    free(flood.stack);
    if (!good) {
        free(flood.map);
        return NULL;
    }
    return flood.map;
}

static bool is_ground(uint8_t value)
{
    return (value & ~31) == GROUND;
}

static void count_row(const uint8_t *map, int width, int y, struct ground *out)
{
    int first = 0, last = width - 1, count = 0, off_white = 0, max_off_white = 0;

    for (int x = 0; x < width; x++) {
        bool ground = is_ground(map[x]);
        int off = ground ? map[x] - GROUND : 0;

        count += ground;
        off_white += off > 0;
        max_off_white = off > max_off_white ? off : max_off_white;
    }
    out->count += count;
    out->off_white += off_white;
    out->max_off_white = max_off_white > out->max_off_white ? max_off_white : out->max_off_white;
    if (count == width) {
        return;
    }
    while (is_ground(map[first])) {
        first++;
    }
    while (is_ground(map[last])) {
        last--;
    }
    out->left = first < out->left ? first : out->left;
    out->right = last > out->right ? last : out->right;
    out->top = y < out->top ? y : out->top;
    out->bottom = y;
}

/* Counts the border: every border pixel should be white, even one that the fill cannot reach. */
static void count_border(const struct image *image, const uint8_t *map, struct ground *out)
{
    for (int y = 0; y < image->height; y++) {
        bool edge = y == 0 || y == image->height - 1;
        int step = edge || image->width == 1 ? 1 : image->width - 1;

        for (int x = 0; x < image->width; x += step) {
            size_t at = (size_t)y * (size_t)image->width + (size_t)x;
            int off = distance_from_white(image->pixels + at * (size_t)image->channels);

            if (!is_ground(map[at])) {
                out->off_white++;
                out->max_off_white = off > out->max_off_white ? off : out->max_off_white;
            }
        }
    }
}

bool ground_find(const struct image *image, const uint8_t *coverage, struct ground *out)
{
    uint8_t *map = flooded(image, coverage);

    *out = (struct ground){ image->width, image->height, -1, -1, 0, 0, 0 };
    if (!map) {
        return false;
    }
    for (int y = 0; y < image->height; y++) {
        count_row(map + (size_t)y * (size_t)image->width, image->width, y, out);
    }
    count_border(image, map, out);
    free(map);
    return true;
}

/* Counts the uncovered pixels that are not white. */
static int count_off_white(const uint8_t *distances, const uint8_t *coverage, int count, int *most)
{
    uint8_t largest = 0;
    int found = 0;

    for (int i = 0; i < count; i++) {
        uint8_t off = coverage[i] == 0 ? distances[i] : 0;

        found += off > 0;
        largest = off > largest ? off : largest;
    }
    *most = largest > *most ? largest : *most;
    return found;
}

int64_t ground_off_white_uncovered(const struct image *image, const uint8_t *coverage, int *most)
{
    enum { PART = 4096 };
    uint8_t distances[PART];
    size_t pixels = (size_t)image->width * (size_t)image->height;
    int64_t count = 0;

    *most = 0;
    for (size_t at = 0; at < pixels; at += PART) {
        struct image part = { .pixels = image->pixels + at * (size_t)image->channels,
                              .width = pixels - at < PART ? (int)(pixels - at) : PART,
                              .height = 1,
                              .channels = image->channels };

        measure_from_white(&part, 255, distances);
        count += count_off_white(distances, coverage + at, part.width, most);
    }
    return count;
}

bool ground_whiten(struct image *image, const uint8_t *coverage)
{
    size_t count = (size_t)image->width * (size_t)image->height, step = (size_t)image->channels;
    uint8_t *map = flooded(image, coverage);

    if (!map) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_ground(map[i])) {
            memset(image->pixels + i * step, 255, 3);
        }
    }
    free(map);
    return true;
}
