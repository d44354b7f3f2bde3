/* scene_feature_highlight.c - the most important feature beside a close-up of the product. */
#include <math.h>

#include "draw/font.h"
#include "draw/icon.h"
#include "draw/lettering.h"
#include "draw/shape.h"
#include "providers/offline/scene.h"

static const struct feature *most_important(const struct brief *brief)
{
    const struct feature *best = NULL;

    for (int i = 0; i < brief->feature_count; i++) {
        if (!best || brief->features[i].priority > best->priority) {
            best = &brief->features[i];
        }
    }
    return best;
}

static void draw_close_up(struct scene *scene, struct box box)
{
    static const double upper[2] = { 0.5, 0.3 };
    struct canvas *canvas = &scene->canvas;

    cairo_save(canvas->cr);
    shape_round(canvas, box, 0);
    cairo_clip(canvas->cr);
    shape_fade(canvas, box, colour_mix(scene->colours.ground, COLOUR_WHITE, 0.6),
               scene->colours.ground);
    shape_disc(canvas, box.x + box.width * 0.62, box.y + box.height * 0.5, box.height * 0.40,
               colour_mix(scene->colours.ground, scene->colours.primary, 0.13), 1);
    if (scene->product.surface) {
        product_close_up(canvas, &scene->product, box, 0.85, upper);
    } else {
        scene_draw_product(scene, box_inset(box, box.width * 0.18), 0);
    }
    cairo_restore(canvas->cr);
}

static void draw_text(struct scene *scene, struct box box, const struct feature *feature)
{
    struct canvas *canvas = &scene->canvas;
    struct colour ink = colour_ink(scene->colours.primary);
    double badge = scene->unit * 15;
    struct box at = { box.x, box.y, badge, badge };
    struct box rest = { box.x, box.y + badge + scene->unit * 5, box.width,
                        box.height - badge - scene->unit * 5 };

    icon_badge(canvas, icon_find(feature->icon, feature->title, feature->description), at,
               scene->colours.accent, colour_ink(scene->colours.accent));
    at = lettering_draw(canvas, feature->title,
                        (struct box){ rest.x, rest.y, rest.width, rest.height * 0.55 },
                        &(struct lettering){ .weight = WEIGHT_EXTRABOLD,
                                             .size = scene->unit * 9.2,
                                             .min_size = scene->unit * 4,
                                             .lines = 4,
                                             .colour = ink,
                                             .leading = 1.08,
                                             .family = FONT_DISPLAY });
    rest.height -= at.y + at.height - rest.y + scene->unit * 3.5;
    rest.y = at.y + at.height + scene->unit * 3.5;
    lettering_draw(canvas, feature->description, rest,
                   &(struct lettering){ .weight = WEIGHT_REGULAR,
                                        .size = scene->unit * 3.7,
                                        .min_size = scene->unit * 2.2,
                                        .lines = 6,
                                        .colour = ink,
                                        .alpha = 0.88,
                                        .leading = 1.35 });
}

void scene_feature_highlight(struct scene *scene)
{
    struct canvas *canvas = &scene->canvas;
    const struct brief *brief = scene->brief;
    const struct feature fallback = { .title = brief->product_name,
                                      .description = brief->category,
                                      .icon = "" };
    const struct feature *feature = most_important(brief);
    bool wide = canvas->width >= canvas->height * 0.9;
    double margin = scene->unit * 7;

    canvas_fill(canvas, scene->colours.primary);
    if (wide) {
        double split = canvas->width * 0.54;

        draw_close_up(scene, (struct box){ split, 0, canvas->width - split, canvas->height });
        draw_text(scene,
                  (struct box){ margin, canvas->height * 0.14, split - 2 * margin,
                                canvas->height * 0.76 },
                  feature ? feature : &fallback);
    } else {
        double split = canvas->height * 0.48;

        draw_close_up(scene, (struct box){ 0, 0, canvas->width, split });
        draw_text(scene,
                  (struct box){ margin, split + margin, canvas->width - 2 * margin,
                                canvas->height - split - 2 * margin },
                  feature ? feature : &fallback);
    }
}
