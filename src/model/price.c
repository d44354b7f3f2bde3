/* price.c - chooses the size to request, and computes the cost of calls. */
#include <math.h>
#include <string.h>

#include "model/catalog.h"

static const double COST_MAX = 1e15; /* micro-USD: a billion dollars */

static double ratio_of(struct size size)
{
    return (double)size.width / size.height;
}

static double ratio_gap(struct size a, struct size b)
{
    return fabs(log(ratio_of(a) / ratio_of(b)));
}

static bool covers(struct size have, struct size need)
{
    return have.width >= need.width && have.height >= need.height;
}

static int64_t pixels(struct size size)
{
    return (int64_t)size.width * size.height;
}

/* Prefers a size that covers `need`, then the closer aspect ratio, because less is cropped, then
 * fewer pixels; among sizes that are too small, more pixels. */
static bool is_better(struct size one, struct size other, struct size need)
{
    double gap = ratio_gap(one, need) - ratio_gap(other, need);

    if (covers(one, need) != covers(other, need)) {
        return covers(one, need);
    }
    if (fabs(gap) > 0.01) {
        return gap < 0;
    }
    return covers(one, need) ? pixels(one) < pixels(other) : pixels(one) > pixels(other);
}

static int round_up(double value, int multiple)
{
    return (int)ceil(value / multiple - 1e-9) * multiple;
}

static int round_down(double value, int multiple)
{
    int count = (int)(value / multiple + 1e-9);

    return (count > 0 ? count : 1) * multiple;
}

/* Returns the largest size on the grid with about this ratio, for requests that exceed it. */
static struct size largest_on_grid(const struct model *model, double width, double height)
{
    double longest = width > height ? width : height;
    double by_edge = model->grid_max_edge / longest;
    double by_pixels = sqrt((double)model->grid_max_pixels / (width * height));
    double scale = by_edge < by_pixels ? by_edge : by_pixels;
    int multiple = model->grid_multiple;
    struct size out = { round_down(width * scale, multiple), round_down(height * scale, multiple) };

    while ((double)out.width / out.height > model->grid_max_ratio) {
        out.width -= multiple;
    }
    while ((double)out.height / out.width > model->grid_max_ratio) {
        out.height -= multiple;
    }
    return out;
}

/* Returns the smallest size on the grid that covers `need`, after limiting the ratio and then the
 * number of pixels. */
static struct size on_grid(const struct model *model, struct size need)
{
    double width = need.width, height = need.height, scale = 1;
    int multiple = model->grid_multiple;
    struct size out;

    if (width / height > model->grid_max_ratio) {
        height = width / model->grid_max_ratio;
    } else if (height / width > model->grid_max_ratio) {
        width = height / model->grid_max_ratio;
    }
    if (width * height < (double)model->grid_min_pixels) {
        scale = sqrt((double)model->grid_min_pixels / (width * height));
    }
    out.width = round_up(width * scale, multiple);
    out.height = round_up(height * scale, multiple);
    /* rounding may have moved the ratio past its limit */
    while ((double)out.width / out.height > model->grid_max_ratio) {
        out.height += multiple;
    }
    while ((double)out.height / out.width > model->grid_max_ratio) {
        out.width += multiple;
    }
    if (out.width > model->grid_max_edge || out.height > model->grid_max_edge ||
        pixels(out) > model->grid_max_pixels) {
        return largest_on_grid(model, width, height);
    }
    return out;
}

bool catalog_size(const struct model *model, struct size need, struct size *ask, struct error *err)
{
    if (!(model->tasks & (TASK_IMAGE | TASK_EDIT))) {
        return error_set(err, ERROR_CONFIG, "model '%s' makes no images", model->id);
    }
    if (need.width < 1 || need.height < 1) {
        return error_set(err, ERROR_INTERNAL, "the requested image has no size");
    }
    if (model->grid_multiple > 0) {
        *ask = on_grid(model, need);
        return true;
    }
    if (model->size_count == 0) {
        *ask = need;
        return true;
    }
    *ask = model->sizes[0];
    for (int i = 1; i < model->size_count; i++) {
        if (is_better(model->sizes[i], *ask, need)) {
            *ask = model->sizes[i];
        }
    }
    return true;
}

static int quality_index(const struct model *model, const char *wanted)
{
    for (int i = 0; i < model->quality_count; i++) {
        if (strcmp(model->qualities[i], wanted) == 0) {
            return i;
        }
    }
    return -1;
}

const char *catalog_quality(const struct model *model, const char *wanted)
{
    static const char *const same[][2] = { { "hd", "high" },         { "high", "hd" },
                                           { "standard", "medium" }, { "medium", "standard" },
                                           { "low", "standard" },    { "xhigh", "high" },
                                           { "max", "high" } };
    int index;

    if (!wanted || model->quality_count == 0) {
        return NULL;
    }
    index = quality_index(model, wanted);
    for (size_t i = 0; index < 0 && i < sizeof same / sizeof *same; i++) {
        if (strcmp(wanted, same[i][0]) == 0) {
            index = quality_index(model, same[i][1]);
        }
    }
    return index < 0 ? NULL : model->qualities[index];
}

/* Adds the cost of `tokens`, at `fallback` if the price is unknown. USD per million tokens equal
 * micro-USD per token. Returns false if neither price is known. */
static bool add(double *sum, int64_t tokens, double price, double fallback)
{
    if (tokens <= 0) {
        return true;
    }
    price = price >= 0 ? price : fallback;
    *sum += (double)tokens * price;
    return price >= 0;
}

/* Cost by the prices of the catalog; -1 if it has none, or if the tokens are unknown. */
static int64_t catalog_cost_at(const struct model *model, const struct usage *usage, int images,
                               double share)
{
    const struct model_prices *p = &model->prices;
    double sum = 0;
    bool known = usage->text_in >= 0 || usage->image_out >= 0 || usage->text_out >= 0;

    if (model->usd_per_image >= 0) {
        return (int64_t)ceil(model->usd_per_image * share * images * 1e6 - 1e-6);
    }
    if (!known || !add(&sum, usage->text_in, p->text_in, -1) ||
        !add(&sum, usage->text_cached, p->text_cached, p->text_in) ||
        !add(&sum, usage->image_in, p->image_in, p->text_in) ||
        !add(&sum, usage->image_cached, p->image_cached, p->image_in) ||
        !add(&sum, usage->text_out, p->text_out, p->image_out) ||
        !add(&sum, usage->image_out, p->image_out, -1)) {
        return -1;
    }
    return sum < COST_MAX ? (int64_t)ceil(sum * share - 1e-6)
                          : -1; /* rejects impossible token counts */
}

/* Without a cost by the catalog, what the provider reports; that contains a discount already. */
static int64_t cost_at(const struct model *model, const struct usage *usage, int images,
                       double share)
{
    int64_t cost = catalog_cost_at(model, usage, images, share);

    return cost < 0 && usage->cost_microusd > 0 ? usage->cost_microusd : cost;
}

int64_t catalog_cost(const struct model *model, const struct usage *usage, int images)
{
    return cost_at(model, usage, images, 1);
}

int64_t catalog_cost_in_batch(const struct model *model, const struct usage *usage, int images)
{
    return cost_at(model, usage, images, model->batch_share > 0 ? model->batch_share : 1);
}

int64_t catalog_estimate(const struct model *model, struct size size, const char *quality)
{
    int index = quality ? quality_index(model, quality) : model->quality_count / 2;
    double tokens;

    if (model->usd_per_image >= 0) {
        return (int64_t)ceil(model->usd_per_image * 1e6);
    }
    if (index < 0 || index >= model->quality_count || model->image_tokens[index] <= 0 ||
        model->prices.image_out < 0) {
        return -1;
    }
    tokens = (double)model->image_tokens[index] * (double)pixels(size) / (1024.0 * 1024.0);
    return (int64_t)ceil(tokens * model->prices.image_out);
}

/* Upper bounds from recorded calls: tokens of a photo, of a partial image, of a text response. */
enum { PHOTO_TOKENS = 6300, PARTIAL_TOKENS = 100, TEXT_OUT_TOKENS = 4000 };

int64_t catalog_max_cost(const struct model *model, const struct size *size, const char *quality,
                         int64_t text_in, int photos, int partials, int64_t text_out)
{
    struct usage usage = { .text_in = text_in, .image_in = (int64_t)PHOTO_TOKENS * photos };
    int64_t image, input;

    if (!size) {
        usage.text_out = text_out > 0 ? text_out : TEXT_OUT_TOKENS;
        return catalog_cost(model, &usage, 0);
    }
    if (!quality && model->quality_count > 0) {
        quality = model->qualities[model->quality_count - 1];
    }
    usage.image_out = (int64_t)PARTIAL_TOKENS * partials;
    image = catalog_estimate(model, *size, quality);
    input = model->usd_per_image >= 0 ? 0 : catalog_cost(model, &usage, 0);
    return image < 0 || input < 0 ? -1 : image + input;
}
