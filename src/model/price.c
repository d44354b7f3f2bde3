/* price.c - which size to ask for, and what a call costs. */
#include <math.h>
#include <string.h>

#include "model/catalog.h"

static const double COST_MAX = 1e15; /* a billion dollars */

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

/* Large enough beats not; then the nearer ratio (less is cropped away); then fewer pixels (or, of
 * those too small, more). */
static bool is_better(struct size one, struct size than, struct size need)
{
    double gap = ratio_gap(one, need) - ratio_gap(than, need);

    if (covers(one, need) != covers(than, need)) {
        return covers(one, need);
    }
    if (fabs(gap) > 0.01) {
        return gap < 0;
    }
    return covers(one, need) ? pixels(one) < pixels(than) : pixels(one) > pixels(than);
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

/* Too much is asked for: the largest that can be made in about that ratio. */
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

/* The grid's smallest size that covers `need`: its ratio bounded first, then its pixels. */
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
    /* rounding one side up may have bent the ratio past its bound */
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
        return error_set(err, ERROR_INTERNAL, "an image of no size was asked for");
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

/* Micro-dollars of `tokens`; a price per million in dollars is one per token in micro-dollars. */
static bool add(double *sum, int64_t tokens, double price, double otherwise)
{
    if (tokens <= 0) {
        return true;
    }
    price = price >= 0 ? price : otherwise;
    *sum += (double)tokens * price;
    return price >= 0;
}

static int64_t cost_at(const struct model *model, const struct usage *usage, int images,
                       double share)
{
    const struct model_prices *p = &model->prices;
    double sum = 0;
    bool told = usage->text_in >= 0 || usage->image_out >= 0 || usage->text_out >= 0;

    if (model->usd_per_image >= 0) {
        return (int64_t)ceil(model->usd_per_image * share * images * 1e6 - 1e-6);
    }
    if (!told || !add(&sum, usage->text_in, p->text_in, -1) ||
        !add(&sum, usage->text_cached, p->text_cached, p->text_in) ||
        !add(&sum, usage->image_in, p->image_in, p->text_in) ||
        !add(&sum, usage->image_cached, p->image_cached, p->image_in) ||
        !add(&sum, usage->text_out, p->text_out, p->image_out) ||
        !add(&sum, usage->image_out, p->image_out, -1)) {
        return -1;
    }
    return sum < COST_MAX ? (int64_t)ceil(sum * share - 1e-6) : -1; /* a count that cannot be */
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

enum { PHOTO_TOKENS = 6300, PARTIAL_TOKENS = 100, TEXT_OUT_TOKENS = 4000 };

int64_t catalog_max_cost(const struct model *model, const struct size *size, const char *quality,
                         int64_t text_in, int photos, int partials, int64_t text_out)
{
    struct usage around = { .text_in = text_in, .image_in = (int64_t)PHOTO_TOKENS * photos };
    int64_t image, beside;

    if (!size) {
        around.text_out = text_out > 0 ? text_out : TEXT_OUT_TOKENS;
        return catalog_cost(model, &around, 0);
    }
    if (!quality && model->quality_count > 0) {
        quality = model->qualities[model->quality_count - 1]; /* the dearest that it may choose */
    }
    around.image_out = (int64_t)PARTIAL_TOKENS * partials;
    image = catalog_estimate(model, *size, quality);
    beside = model->usd_per_image >= 0 ? 0 : catalog_cost(model, &around, 0);
    return image < 0 || beside < 0 ? -1 : image + beside;
}
