/* cut_holes.c - openings through which the backdrop shows, and things that stand apart. */
#include <math.h>
#include <string.h>

#include "image/cut_out/cut_out_parts.h"

/* An opening has the backdrop's colour within the precision of its function, and is as smooth. */
static const double same_colour = 1.7;
static const double same_part = 0.6;
/* On white, only a large and solid piece is one: prints are small, labels hold letters. */
static const double solid_part = 0.85, white_part = 0.97;
/* A piece that is flat and slightly darker than the backdrop may be an opening in the product's
 * shadow, or glass. */
static const double shaded = 25;
static const double flat = 4;              /* standard deviation of such a piece, beyond noise */
static const double doubtful_part = 0.004; /* of the product's area, from which it matters */

static const double speck_part = 0.002;        /* of the largest piece of product */
static const double least_speck_part = 0.0001; /* smaller ones are noise */
static const double piece_part = 0.03;         /* a piece of this size is a part of the product */
static const double near_part = 0.04;          /* distance to the product, of its size */

enum { LEAST_SPECK = 12 /* pixels of the map */, MAX_SPECKS = 6 /* more are letters */ };
enum { MIN_HOLE = 24 /* pixels of the map */, WHITE = 252, SAME = 3 /* levels of a pixel */ };
/* Pixels from the edge of a piece: the texture of a pixel is that of three pixels around. */
enum { INNER = 2, DEEP = 4 };

struct enclosed_piece {
    int count, inner, deep; /* pixels; those not at its edge, and those some way from it */
    double residual[3];     /* mean difference from the backdrop: positive is brighter */
    double deviation;       /* standard deviation of brightness from the backdrop */
    double tint, texture;   /* means; texture is that of the deep ones, if they are enough */
    int same;               /* inner pixels that have the colour of the backdrop */
    bool on_white; /* the backdrop is white here: an opening may be a white print as well */
};

/* Returns true if the pixels so far to each side belong to the piece too. */
static bool is_inside(const struct cut_map *map, int at, int reach, uint8_t mark)
{
    int x = at % map->width, w = map->width;

    return x >= reach && x < w - reach && at >= reach * w && at < map->count - reach * w &&
           map->scratch[at - reach] == mark && map->scratch[at + reach] == mark &&
           map->scratch[at - reach * w] == mark && map->scratch[at + reach * w] == mark;
}

/* Measures the piece on map->stack. Its pixels are marked in scratch. */
static struct enclosed_piece measure(const struct cut_map *map, int count, uint8_t mark)
{
    struct enclosed_piece piece = { .count = count, .on_white = true };
    double sum = 0, squares = 0, deep_texture = 0;
    /* Noise makes white darker, because nothing is brighter. */
    int white = (int)((WHITE - map->backdrop.noise) * 16);

    for (int i = 0; i < count; i++) {
        int at = map->stack[i];
        const uint8_t *p = map->small.pixels + (size_t)at * 3;
        const int16_t *m = map->model + (size_t)at * 3;
        double dark;

        piece.on_white &= m[0] >= white && m[1] >= white && m[2] >= white;
        if (!is_inside(map, at, INNER, mark)) {
            continue;
        }
        if (is_inside(map, at, DEEP, mark)) {
            piece.deep++;
            deep_texture += map->texture[at];
        }
        dark = cut_darkening(map, at);
        piece.inner++;
        piece.same += map->diff[at] <= SAME + (int)(1.5 * map->backdrop.noise);
        for (int c = 0; c < 3; c++) {
            piece.residual[c] += p[c] - m[c] / 16.0;
        }
        piece.tint += cut_tint(map, at);
        piece.texture += map->texture[at];
        sum += dark;
        squares += dark * dark;
    }
    if (piece.inner > 0) {
        for (int c = 0; c < 3; c++) {
            piece.residual[c] /= piece.inner;
        }
        piece.tint /= piece.inner;
        piece.texture =
            piece.deep >= MIN_HOLE ? deep_texture / piece.deep : piece.texture / piece.inner;
        piece.deviation =
            sqrt(fmax(0, squares / piece.inner - (sum / piece.inner) * (sum / piece.inner)));
    }
    return piece;
}

enum opinion { IS_PRODUCT, IS_HOLE, IS_DOUBTFUL };

static enum opinion judge(const struct cut_map *map, const struct enclosed_piece *piece,
                          int product)
{
    double worst = 0, mean = (piece->residual[0] + piece->residual[1] + piece->residual[2]) / 3;
    double noise = map->backdrop.noise;
    bool smooth = piece->texture <= 7 + 1.5 * map->texture_noise;

    for (int c = 0; c < 3; c++) {
        worst = fmax(worst, fabs(piece->residual[c]));
    }
    if (piece->inner < MIN_HOLE / 2) {
        return IS_PRODUCT;
    }
    if (piece->on_white) {
        return piece->inner > doubtful_part * product && piece->inner > solid_part * piece->count &&
                       piece->same > white_part * piece->inner && smooth
                   ? IS_HOLE
                   : IS_PRODUCT;
    }
    if (worst <= same_colour + 0.2 * noise && smooth) {
        return IS_HOLE;
    }
    /* A part of the opening may lie in shadow. */
    if (piece->same > same_part * piece->inner && mean < same_colour && smooth &&
        piece->tint <= 2 + 1.5 * noise) {
        return IS_HOLE;
    }
    if (piece->inner > doubtful_part * product && mean > -shaded && mean < same_colour && smooth &&
        piece->tint <= 4 + 1.5 * noise && piece->deviation <= flat + noise) {
        return IS_DOUBTFUL;
    }
    return IS_PRODUCT;
}

/* Returns true if the region on map->stack touches the backdrop outside: it is no opening. */
static bool touches_outside(const struct cut_map *map, int count)
{
    int w = map->width;

    for (int i = 0; i < count; i++) {
        int at = map->stack[i], x = at % w;

        if ((x > 0 && map->state[at - 1] == CUT_OUTSIDE) ||
            (x + 1 < w && map->state[at + 1] == CUT_OUTSIDE) ||
            (at >= w && map->state[at - w] == CUT_OUTSIDE) ||
            (at + w < map->count && map->state[at + w] == CUT_OUTSIDE)) {
            return true;
        }
    }
    return false;
}

static int count_state(const struct cut_map *map, enum cut_state state)
{
    int count = 0;

    for (int i = 0; i < map->count; i++) {
        count += map->state[i] == state;
    }
    return count;
}

bool cut_find_holes(struct cut_map *map, struct error *err)
{
    int product = count_state(map, CUT_PRODUCT), tolerance = cut_high_tolerance(map);
    enum { ALLOWED = 1, PIECE = 2 };
    bool doubtful = false;

    for (int i = 0; i < map->count; i++) {
        map->scratch[i] = map->state[i] == CUT_PRODUCT && map->diff[i] <= tolerance ? ALLOWED : 0;
    }
    for (int i = 0; i < map->count; i++) {
        struct enclosed_piece piece;
        enum opinion opinion;
        int count;

        if (map->scratch[i] != ALLOWED) {
            continue;
        }
        map->stack[0] = i;
        count = cut_flood(map, map->scratch, 1);
        if (count < MIN_HOLE || touches_outside(map, count)) {
            continue;
        }
        for (int k = 0; k < count; k++) {
            map->scratch[map->stack[k]] = PIECE;
        }
        piece = measure(map, count, PIECE);
        opinion = judge(map, &piece, product);
        doubtful |= opinion == IS_DOUBTFUL;
        for (int k = 0; k < count; k++) {
            map->scratch[map->stack[k]] = 0;
            if (opinion == IS_HOLE) {
                map->state[map->stack[k]] = CUT_HOLE;
            }
        }
    }
    return !doubtful ||
           error_set(err, ERROR_INPUT, "a part of it may be transparent, or an opening");
}

/* -- specks ---------------------------------------------------------------------------------- */

struct extent {
    int left, top, right, bottom;
};

static struct extent extent_of(const struct cut_map *map, int count)
{
    struct extent out = { map->width, map->height, -1, -1 };

    for (int i = 0; i < count; i++) {
        int x = map->stack[i] % map->width, y = map->stack[i] / map->width;

        out.left = x < out.left ? x : out.left;
        out.right = x > out.right ? x : out.right;
        out.top = y < out.top ? y : out.top;
        out.bottom = y > out.bottom ? y : out.bottom;
    }
    return out;
}

/* Visits each connected piece of product. Finds the largest (largest == NULL), or compares with it.
 */
struct pieces {
    int largest;
    struct extent extent;
};

static struct pieces find_largest(struct cut_map *map)
{
    struct pieces out = { 0 };

    for (int i = 0; i < map->count; i++) {
        map->scratch[i] = map->state[i] == CUT_PRODUCT;
    }
    for (int i = 0; i < map->count; i++) {
        if (map->scratch[i]) {
            int count;

            map->stack[0] = i;
            count = cut_flood(map, map->scratch, 1);
            if (count > out.largest) {
                out.largest = count;
                out.extent = extent_of(map, count);
            }
        }
    }
    return out;
}

static int distance_between(struct extent a, struct extent b)
{
    int x = a.left > b.right ? a.left - b.right : b.left > a.right ? b.left - a.right : 0;
    int y = a.top > b.bottom ? a.top - b.bottom : b.top > a.bottom ? b.top - a.bottom : 0;

    return x > y ? x : y;
}

bool cut_find_specks(struct cut_map *map, struct error *err)
{
    struct pieces pieces = find_largest(map);
    int across = pieces.extent.right - pieces.extent.left;
    int down = pieces.extent.bottom - pieces.extent.top;
    int size = across > down ? across : down;
    bool apart = false;
    int specks = 0;

    for (int i = 0; i < map->count; i++) {
        map->scratch[i] = map->state[i] == CUT_PRODUCT;
    }
    for (int i = 0; i < map->count; i++) {
        int count;

        if (!map->scratch[i]) {
            continue;
        }
        map->stack[0] = i;
        count = cut_flood(map, map->scratch, 1);
        if (count <= speck_part * pieces.largest) {
            specks += count >= LEAST_SPECK && count > least_speck_part * pieces.largest;
            for (int k = 0; k < count; k++) {
                map->state[map->stack[k]] = CUT_SPECK;
            }
        } else if (count < piece_part * pieces.largest) {
            apart |= distance_between(extent_of(map, count), pieces.extent) > near_part * size;
        }
    }
    return (!apart && specks <= MAX_SPECKS) ||
           error_set(err, ERROR_INPUT, "there are small things beside the product");
}
