/* check_flat_areas.c - the scene fills the whole image: no bars at its edges, and no large area of
 * one colour, as models return when they stop early. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/checks/check_skip.h"

enum { BLOCK = 16, SPREAD = 3 /* levels in a block, and from the first block of an area */ };

struct block_grid {
    int width, height;
    uint8_t *flat;  /* per block */
    uint8_t *value; /* per block: the first pixel, three channels */
    int *stack;
};

/* Sets the lowest and the highest level of each value of BLOCK rows. */
static void read_range(const uint8_t *pixels, size_t stride, uint8_t *restrict low,
                       uint8_t *restrict high)
{
    memcpy(low, pixels, stride);
    memcpy(high, pixels, stride);
    for (int y = 1; y < BLOCK; y++) {
        const uint8_t *row = pixels + (size_t)y * stride;

        for (size_t i = 0; i < stride; i++) {
            low[i] = row[i] < low[i] ? row[i] : low[i];
            high[i] = row[i] > high[i] ? row[i] : high[i];
        }
    }
}

/* Reads a block from the ranges of its columns. */
static void read_block(const uint8_t *lows, const uint8_t *highs, int channels, uint8_t *flat,
                       uint8_t *value)
{
    *flat = 1;
    for (int c = 0; c < 3; c++) {
        uint8_t low = 255, high = 0;

        for (int i = c; i < BLOCK * channels; i += channels) {
            low = lows[i] < low ? lows[i] : low;
            high = highs[i] > high ? highs[i] : high;
        }
        value[c] = (uint8_t)((low + high) / 2);
        *flat &= high - low <= SPREAD;
    }
}

static bool is_like(const struct block_grid *grid, int a, int b)
{
    for (int c = 0; c < 3; c++) {
        if (abs(grid->value[a * 3 + c] - grid->value[b * 3 + c]) > SPREAD) {
            return false;
        }
    }
    return true;
}

/* Returns the number of connected flat blocks with the colour of the first one. */
static int fill_area(struct block_grid *grid, int first)
{
    int depth = 0, count = 0;

    grid->stack[depth++] = first;
    grid->flat[first] = 0;
    while (depth > 0) {
        int at = grid->stack[--depth], x = at % grid->width, y = at / grid->width;
        const int next[4] = { x > 0 ? at - 1 : -1, x + 1 < grid->width ? at + 1 : -1,
                              y > 0 ? at - grid->width : -1,
                              y + 1 < grid->height ? at + grid->width : -1 };

        count++;
        for (int k = 0; k < 4; k++) {
            if (next[k] >= 0 && grid->flat[next[k]] && is_like(grid, next[k], first)) {
                grid->flat[next[k]] = 0;
                grid->stack[depth++] = next[k];
            }
        }
    }
    return count;
}

/* Returns false if memory runs out. */
static bool read_blocks(const struct image *image, struct block_grid *grid)
{
    size_t stride = (size_t)image->width * (size_t)image->channels;
    uint8_t *low = malloc(stride * 2), *high = low ? low + stride : NULL;

    for (int i = 0; low && i < grid->width * grid->height; i++) {
        size_t left = (size_t)(i % grid->width) * BLOCK * (size_t)image->channels;

        if (left == 0) {
            read_range(image->pixels + (size_t)(i / grid->width) * BLOCK * stride, stride, low,
                       high);
        }
        read_block(low + left, high + left, image->channels, &grid->flat[i],
                   &grid->value[(size_t)i * 3]);
    }
    free(low);
    return low != NULL;
}

/* Returns the largest area of one colour, of the image. Clears `flat`. */
static double largest_area(struct block_grid *grid)
{
    int count = grid->width * grid->height, largest = 0;

    for (int i = 0; i < count; i++) {
        if (grid->flat[i]) {
            int area = fill_area(grid, i);

            largest = area > largest ? area : largest;
        }
    }
    return count > 0 ? (double)largest / count : 0;
}

/* Returns how many blocks deep the edge is that begins with block `first`: lines of flat blocks of
 * its colour. `along` and `inwards` are the steps to the next block of the line and to the next
 * line. */
static int bar_depth(const struct block_grid *grid, int first, int along, int length, int inwards,
                     int depth)
{
    for (int line = 0; line < depth; line++) {
        for (int i = 0; i < length; i++) {
            int at = first + line * inwards + i * along;

            if (!grid->flat[at] || !is_like(grid, at, first)) {
                return line;
            }
        }
    }
    return depth;
}

/* Returns the share of the image's width or height that two bars of one colour at opposite edges
 * take together; 0 if the other edges have bars too: that is a background. */
static double bars_of(const struct block_grid *grid)
{
    int width = grid->width, height = grid->height, last = width * height - 1;
    int top = bar_depth(grid, 0, 1, width, width, height);
    int bottom = bar_depth(grid, last, -1, width, -width, height);
    int left = bar_depth(grid, 0, width, height, 1, width);
    int right = bar_depth(grid, last, -width, height, -1, width);
    bool same = is_like(grid, 0, last);
    double across = same && left > 0 && right > 0 ? (double)(left + right) / width : 0;
    double down = same && top > 0 && bottom > 0 ? (double)(top + bottom) / height : 0;

    return across > 0 && down > 0 ? 0 : across + down;
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct image *image = subject->image;
    struct block_grid grid = { .width = image->width / BLOCK, .height = image->height / BLOCK };
    size_t count = (size_t)grid.width * (size_t)grid.height + 1;

    grid.flat = calloc(count, 1);
    grid.value = calloc(count, 3);
    grid.stack = calloc(count, sizeof *grid.stack);
    out->limit = limits[0];
    if (!grid.flat || !grid.value || !grid.stack || !read_blocks(image, &grid)) {
        check_skip(out, "not enough memory");
    } else {
        double bars = grid.width > 0 && grid.height > 0 ? bars_of(&grid) : 0;

        out->measured = fmax(largest_area(&grid), bars);
        out->passed = out->measured <= limits[0] && (limits[1] <= 0 || bars <= limits[1]);
        snprintf(out->message, sizeof out->message,
                 out->passed            ? "the largest area of one colour has %.0f %% of the image"
                 : out->measured > bars ? "%.0f %% of the image is an area of one colour"
                                        : "bars at the edges take %.0f %% of the image",
                 out->measured * 100);
    }
    free(grid.flat);
    free(grid.value);
    free(grid.stack);
}

const struct check check_flat_areas = {
    .name = "flat_areas",
    .source =
        "models return unfinished images, and scenes between black bars: 25 % and more of the "
        "image; the offline provider's scenes have up to 5 %",
    .limits = "maximum share of the image that may be one connected area of one colour, 0 to 1; "
              "maximum share of bars of one colour at opposite edges, 0: as the area",
    .limit_count = 2,
    .of_picture = true,
    .run = run,
};
