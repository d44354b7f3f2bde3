/* background.c - floods from the border over what is white or nearly so. */
#include "image/background.h"

#include <stdlib.h>

static int from_white(const uint8_t *p)
{
    int least = p[0] < p[1] ? p[0] : p[1];

    return 255 - (p[2] < least ? p[2] : least);
}

struct flood {
    const struct image *image;
    uint8_t *seen;
    int *stack, count;
    struct ground *out;
};

static void visit(struct flood *flood, int x, int y, bool border)
{
    const struct image *image = flood->image;
    size_t at = (size_t)y * (size_t)image->width + (size_t)x;
    int off;

    if (x < 0 || y < 0 || x >= image->width || y >= image->height || flood->seen[at]) {
        return;
    }
    off = from_white(image->pixels + at * (size_t)image->channels);
    if (off > NEAR_WHITE && !border) {
        return;
    }
    flood->seen[at] = 1;
    flood->out->off_white += off > 0;
    flood->out->worst = off > flood->out->worst ? off : flood->out->worst;
    if (off <= NEAR_WHITE) {
        flood->out->count++;
        flood->stack[flood->count++] = (int)at;
    }
}

static void box_of_rest(const struct image *image, const uint8_t *seen, struct ground *out)
{
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = seen + (size_t)y * (size_t)image->width;

        for (int x = 0; x < image->width; x++) {
            if (row[x]) {
                continue;
            }
            out->left = x < out->left ? x : out->left;
            out->right = x > out->right ? x : out->right;
            out->top = y < out->top ? y : out->top;
            out->bottom = y > out->bottom ? y : out->bottom;
        }
    }
}

bool ground_find(const struct image *image, struct ground *out)
{
    size_t pixels = (size_t)image->width * (size_t)image->height;
    struct flood flood = { image, calloc(pixels, 1), malloc(pixels * sizeof(int)), 0, out };
    int w = image->width, h = image->height;

    *out = (struct ground){ .left = w, .top = h, .right = -1, .bottom = -1 };
    if (!flood.seen || !flood.stack) {
        free(flood.seen);
        free(flood.stack);
        return false;
    }
    for (int x = 0; x < w; x++) {
        visit(&flood, x, 0, true);
        visit(&flood, x, h - 1, true);
    }
    for (int y = 0; y < h; y++) {
        visit(&flood, 0, y, true);
        visit(&flood, w - 1, y, true);
    }
    while (flood.count > 0) {
        int at = flood.stack[--flood.count], x = at % w, y = at / w;

        visit(&flood, x - 1, y, false);
        visit(&flood, x + 1, y, false);
        visit(&flood, x, y - 1, false);
        visit(&flood, x, y + 1, false);
    }
    box_of_rest(image, flood.seen, out);
    free(flood.seen);
    free(flood.stack);
    return true;
}
