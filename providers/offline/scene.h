/* scene.h - the offline provider's pictures: one file a scene, all from the product photo and the
 * brief's facts, always the same for the same request. */
#ifndef PROVIDERS_OFFLINE_SCENE_H
#define PROVIDERS_OFFLINE_SCENE_H
#include "draw/canvas.h"
#include "draw/product.h"
#include "providers/provider.h"

struct palette {           /* the brand kit's colours; the product's own where there is none */
    struct colour primary; /* large surfaces, headlines */
    struct colour accent;  /* small things that are to be seen */
    struct colour ground;  /* a light tint to stand on */
    struct colour ink;     /* text on the ground */
};

struct scene {
    struct canvas canvas; /* of the size asked for; white */
    const struct model_request *request;
    const struct brief *brief;
    struct product product;
    struct palette palette;
    double unit; /* a hundredth of the shorter side: all measures are in it */
};

/* The picture that an request asks for. ERROR_INPUT where the photo cannot be read. */
bool scene_render(const struct model_request *request, struct image *out,
                  struct error *err) MUST_CHECK;

/* What several scenes have. */
void scene_stand(struct scene *scene, struct box box, double shadow); /* the product, or its name */
struct box scene_part(const struct scene *scene, double x, double y, double width,
                      double height);               /* parts of the canvas, 0 to 1 */
const char *scene_brand(const struct scene *scene); /* "" where there is none */

void scene_main_image(struct scene *scene);
void scene_infographic(struct scene *scene);
void scene_feature_highlight(struct scene *scene);
void scene_lifestyle(struct scene *scene);
void scene_comparison_chart(struct scene *scene);
void scene_dimension_diagram(struct scene *scene);
void scene_module(struct scene *scene); /* of A+ content */

/* Features, or A+ modules, as the request's schema wants them: JSON in the request's arena, from
 * the project's own words. ERROR_INPUT where the words are too few. */
bool words_features(const struct model_request *request, const char **json,
                    struct error *err) MUST_CHECK;
bool words_aplus(const struct model_request *request, bool premium, const char **json,
                 struct error *err) MUST_CHECK;
#endif
