/* product_match.c - compares two grids cell by cell. */
#include "image/product/product_match.h"

#include <math.h>
#include <string.h>

#include "image/product/product_recolour.h"

enum {
    BLUR = 6, /* cells to each side: details are what remains without the mean around */
    SHIFT = 2 /* cells by which a model may move a part of the product */
};

/* Marks of cells, and of the connected parts of a product. */
enum { NO_PRODUCT, UNSEEN, FIRST_PART, LAST_PART = 255 };

static const double solid = 0.5;        /* alpha from which a cell is product */
static const double faint = 0.2;        /* the same, where a small part counts */
static const double least_detail = 1.5; /* standard deviation in L; below it the product is plain */
static const double grey = 6;           /* mean chroma; below it a product has no colour to lose */
static const double other_colour = 20;  /* Lab distance of a cell that differs */
/* A turn fits better by this much, in detail or outline. */
static const double clearly_detail = 0.18, clearly_outline = 0.08;

static int turned(int at, enum product_turn turn)
{
    int x = at % VIEW_SIDE, y = at / VIEW_SIDE, last = VIEW_SIDE - 1;

    switch (turn) {
    case TURN_MIRROR:
        return y * VIEW_SIDE + last - x;
    case TURN_HALF:
        return (last - y) * VIEW_SIDE + last - x;
    case TURN_LEFT:
        return x * VIEW_SIDE + last - y;
    case TURN_RIGHT:
        return (last - x) * VIEW_SIDE + y;
    case TURN_FLIP:
        return (last - y) * VIEW_SIDE + x;
    default:
        return at;
    }
}

/* Returns true if the cell shows what its background shows, once that is white. */
static bool is_white(const struct product_view *view, int i)
{
    return view->lab[0][i] > 98 && fabsf(view->lab[1][i]) < 2 && fabsf(view->lab[2][i]) < 2;
}

/* A white opening of the product may be cut out in one of the views only: it looks the same. */
static double overlap_of(const struct product_view *photo, const struct product_view *made,
                         enum product_turn turn)
{
    double both = 0, either = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        int at = turned(i, turn);
        float a = photo->alpha[i], b = made->alpha[at];
        bool same = (a < solid && b >= solid && is_white(made, at)) ||
                    (b < solid && a >= solid && is_white(photo, i));

        both += same ? 0 : a < b ? a : b;
        either += same ? 0 : a > b ? a : b;
    }
    return either > 0 ? both / either : 0;
}

struct details {
    float cells[3][VIEW_CELLS];
    double deviation; /* of the photo's */
};

enum { SUMS = 4 }; /* the three channels, weighted by alpha, and alpha */

/* Sums every second cell within BLUR, across or down. */
static void sum_around(const float (*in)[SUMS], bool across, float (*out)[SUMS])
{
    for (int i = 0; i < VIEW_CELLS; i++) {
        int at = across ? i % VIEW_SIDE : i / VIEW_SIDE, step = across ? 1 : VIEW_SIDE;
        float sum[SUMS] = { 0 };

        for (int n = at > BLUR ? at - BLUR : 0; n <= at + BLUR && n < VIEW_SIDE; n += 2) {
            const float *cell = in[i + (n - at) * step];

            for (int c = 0; c < SUMS; c++) {
                sum[c] += cell[c];
            }
        }
        memcpy(out[i], sum, sizeof sum);
    }
}

/* Subtracts from each cell the mean of the product around it. */
static void read_details(const struct product_view *view, struct details *out)
{
    float cells[VIEW_CELLS][SUMS], sums[VIEW_CELLS][SUMS];
    double squares = 0, count = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        for (int c = 0; c < 3; c++) {
            cells[i][c] = view->alpha[i] * view->lab[c][i];
        }
        cells[i][3] = view->alpha[i];
    }
    sum_around((const float(*)[SUMS])cells, true, sums);
    sum_around((const float(*)[SUMS])sums, false, cells);
    for (int i = 0; i < VIEW_CELLS; i++) {
        bool is_product = view->alpha[i] >= solid;

        for (int c = 0; c < 3; c++) {
            float mean = cells[i][c] / fmaxf(cells[i][3], 0.01F);

            out->cells[c][i] = is_product ? view->lab[c][i] - mean : 0;
            squares += (double)out->cells[c][i] * out->cells[c][i];
        }
        count += is_product;
    }
    out->deviation = sqrt(squares / fmax(count, 1));
}

static double correlation(const struct details *photo, const struct details *made,
                          enum product_turn turn)
{
    double both = 0, one = 0, other = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        int at = turned(i, turn);

        for (int c = 0; c < 3; c++) {
            both += (double)photo->cells[c][i] * made->cells[c][at];
            one += (double)photo->cells[c][i] * photo->cells[c][i];
            other += (double)made->cells[c][at] * made->cells[c][at];
        }
    }
    return one > 0 && other > 0 ? both / sqrt(one * other) : 0;
}

/* Distance to the most similar cell around, with the full difference of lightness. */
static double nearest(const struct product_view *photo, int i, const struct product_view *made)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;
    double best = 100;

    for (int dy = -SHIFT; dy <= SHIFT; dy++) {
        for (int dx = -SHIFT; dx <= SHIFT; dx++) {
            int nx = x + dx, ny = y + dy, at = ny * VIEW_SIDE + nx;

            if (nx < 0 || ny < 0 || nx >= VIEW_SIDE || ny >= VIEW_SIDE) {
                continue;
            }
            if (made->alpha[at] >= solid) {
                best = fmin(best, product_view_distance(photo, i, made, at));
            } else if (is_white(photo, i)) {
                best = 0;
            }
        }
    }
    return best;
}

/* Returns the largest connected part of `one` that has no similar cell in `other`. */
static double differing_part(const struct product_view *one, const struct product_view *other)
{
    uint8_t differs[VIEW_CELLS];
    int product = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        bool is_product = one->alpha[i] >= solid;

        product += is_product;
        differs[i] = is_product && nearest(one, i, other) > other_colour;
    }
    return product_view_largest_part(differs) / fmax(product, 1);
}

/* Returns true if no cell around is product. */
static bool is_beyond(const struct product_view *view, int i)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;

    for (int ny = y > SHIFT ? y - SHIFT : 0; ny <= y + SHIFT && ny < VIEW_SIDE; ny++) {
        for (int nx = x > SHIFT ? x - SHIFT : 0; nx <= x + SHIFT && nx < VIEW_SIDE; nx++) {
            if (view->alpha[ny * VIEW_SIDE + nx] >= solid) {
                return false;
            }
        }
    }
    return true;
}

/* Returns the largest connected part of `one` where `other` has no product. */
static double absent_part(const struct product_view *one, const struct product_view *other)
{
    uint8_t absent[VIEW_CELLS];
    int product = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        bool is_product = one->alpha[i] >= solid;

        product += is_product;
        absent[i] = is_product && !is_white(one, i) && is_beyond(other, i);
    }
    return product_view_largest_part(absent) / fmax(product, 1);
}

/* Returns true if the photo shows the colour of the cell there or beside, product or not. */
static bool has_colour(const struct product_view *photo, const struct product_view *made, int i)
{
    int x = i % VIEW_SIDE, y = i / VIEW_SIDE;

    for (int ny = y > SHIFT ? y - SHIFT : 0; ny <= y + SHIFT && ny < VIEW_SIDE; ny++) {
        for (int nx = x > SHIFT ? x - SHIFT : 0; nx <= x + SHIFT && nx < VIEW_SIDE; nx++) {
            if (product_view_distance(made, i, photo, ny * VIEW_SIDE + nx) <= other_colour) {
                return true;
            }
        }
    }
    return false;
}

/* Marks the connected cells around `at` as one part. Returns their number. */
static int take_part(uint8_t *free_cells, int at, uint8_t mark)
{
    int stack[VIEW_CELLS], depth = 0, count = 0;

    stack[depth++] = at;
    free_cells[at] = mark;
    while (depth > 0) {
        int from = stack[--depth], x = from % VIEW_SIDE, y = from / VIEW_SIDE;

        count++;
        for (int ny = y > 0 ? y - 1 : 0; ny <= y + 1 && ny < VIEW_SIDE; ny++) {
            for (int nx = x > 0 ? x - 1 : 0; nx <= x + 1 && nx < VIEW_SIDE; nx++) {
                if (free_cells[ny * VIEW_SIDE + nx] == UNSEEN) {
                    free_cells[ny * VIEW_SIDE + nx] = mark;
                    stack[depth++] = ny * VIEW_SIDE + nx;
                }
            }
        }
    }
    return count;
}

/* Returns the share of the product that is beside its largest part and has other colours in the
 * photo. */
static double strange_parts(const struct product_view *photo, const struct product_view *made)
{
    int sizes[LAST_PART + 1] = { 0 }, largest = 0, product = 0, strange = 0;
    uint8_t parts[VIEW_CELLS];
    int count = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        parts[i] = made->alpha[i] >= faint ? UNSEEN : NO_PRODUCT;
    }
    for (int i = 0; i < VIEW_CELLS; i++) {
        if (parts[i] == UNSEEN) {
            uint8_t mark = (uint8_t)(FIRST_PART + (FIRST_PART + count < LAST_PART ? count : 0));

            sizes[mark] = take_part(parts, i, mark);
            largest = sizes[mark] > sizes[largest] ? mark : largest;
            count++;
        }
    }
    for (int i = 0; i < VIEW_CELLS; i++) {
        product += parts[i] != NO_PRODUCT;
        strange += parts[i] != NO_PRODUCT && parts[i] != largest && !has_colour(photo, made, i);
    }
    return strange / fmax(product, 1);
}

/* Finds a turn that fits clearly better than the view as it is. */
static enum product_turn find_turn(const struct product_view *photo,
                                   const struct product_view *made, const struct details *one,
                                   const struct details *other)
{
    bool plain = one->deviation < least_detail || other->deviation < least_detail;
    double detail = correlation(one, other, TURN_NONE);
    double outline = overlap_of(photo, made, TURN_NONE);
    enum product_turn best = TURN_NONE;
    double best_gain = 0;

    for (int turn = TURN_MIRROR; turn < TURNS; turn++) {
        double more = plain ? 0 : correlation(one, other, turn) - detail;
        double closer = overlap_of(photo, made, turn) - outline;
        double gain = more + closer;

        if ((more > clearly_detail || closer > clearly_outline) && more > -clearly_detail / 2 &&
            closer > -clearly_outline && gain > best_gain) {
            best = turn;
            best_gain = gain;
        }
    }
    return best;
}

static double chroma_at(const struct product_view *view, int i)
{
    return sqrt(view->lab[1][i] * view->lab[1][i] + view->lab[2][i] * view->lab[2][i]);
}

/* Compares the colours of the cells that are product in both. */
static void compare_colours(const struct product_view *photo, const struct product_view *made,
                            struct product_match *out)
{
    double distance = 0, light = 0, weight = 0, chroma = 0, made_chroma = 0;

    for (int i = 0; i < VIEW_CELLS; i++) {
        double both = photo->alpha[i] < made->alpha[i] ? photo->alpha[i] : made->alpha[i];

        if (both >= solid) {
            distance += product_view_distance(photo, i, made, i);
            light += made->lab[0][i] - photo->lab[0][i];
            chroma += chroma_at(photo, i);
            made_chroma += chroma_at(made, i);
            weight++;
        }
    }
    out->colour = weight > 0 ? distance / weight : 100;
    out->lightness = weight > 0 ? light / weight : 0;
    out->chroma = weight > 0 && chroma / weight >= grey ? made_chroma / chroma : 1;
}

void product_match(const struct product_view *photo, const struct product_view *made,
                   struct product_match *out)
{
    struct details one, other;
    bool plain;

    read_details(photo, &one);
    read_details(made, &other);
    plain = one.deviation < least_detail || other.deviation < least_detail;
    *out = (struct product_match){ 0 };
    out->aspect =
        photo->aspect > made->aspect ? photo->aspect / made->aspect : made->aspect / photo->aspect;
    out->overlap = overlap_of(photo, made, TURN_NONE);
    out->detail = plain ? 1 : correlation(&one, &other, TURN_NONE);
    compare_colours(photo, made, out);
    out->differing = fmax(differing_part(photo, made), differing_part(made, photo));
    out->strange = strange_parts(photo, made);
    out->recoloured = product_recoloured(photo, made);
    out->tinted = product_tinted(photo, made);
    out->absent = fmax(absent_part(photo, made), absent_part(made, photo));
    out->turn = find_turn(photo, made, &one, &other);
}

/* -- for scenes -------------------------------------------------------------------------------- */

void product_view_turn(const struct product_view *view, enum product_turn turn,
                       struct product_view *out)
{
    *out = *view;
    out->aspect = turn == TURN_LEFT || turn == TURN_RIGHT ? 1 / view->aspect : view->aspect;
    for (int i = 0; i < VIEW_CELLS; i++) {
        int at = turned(i, turn);

        out->alpha[at] = view->alpha[i];
        for (int c = 0; c < 3; c++) {
            out->lab[c][at] = view->lab[c][i];
        }
    }
}

bool product_has_details(const struct product_view *view)
{
    struct details details;

    read_details(view, &details);
    return details.deviation >= least_detail;
}

double product_detail(const struct product_view *photo, const struct product_view *made)
{
    struct details one, other;

    read_details(photo, &one);
    read_details(made, &other);
    return correlation(&one, &other, TURN_NONE);
}
