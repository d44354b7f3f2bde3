/* cut_mask.h - a cut-out by the mask of a matting model, for photos that image_cut_out is uncertain
 * about. The mask is not trusted either: it must pass the checks of image_cut_out that apply to it.
 */
#ifndef IMAGE_CUT_OUT_CUT_MASK_H
#define IMAGE_CUT_OUT_CUT_MASK_H
#include "image/image.h"

struct cut_mask {
    int width, height; /* of any size: it covers the photo */
    uint8_t *alpha;    /* 255 = product; owned; NULL = no mask */
    /* Intersection over union with the mask of the mirrored photo: a model that guesses gives
     * another one. */
    double agreement;
};
void cut_mask_free(struct cut_mask *mask);

/* Sets the function that makes masks; NULL: no model is in use. Call it while no photo is cut out.
 * It may take seconds, and is called on pool threads. */
typedef bool (*cut_mask_source)(const struct image *photo, struct cut_mask *out, struct error *err);
void cut_mask_source_set(cut_mask_source source);

/* Makes a mask and checks it. Fails with ERROR_INPUT and a reason if no model is in use, or if the
 * mask is uncertain: the backdrop must be plain, since nothing else shows what is missing; what the
 * mask removes must look like it. Fails with ERROR_OUTPUT if the model fails. */
bool cut_mask_find(const struct image *photo, struct cut_mask *out, struct error *err) MUST_CHECK;

/* Cuts the product out by the mask, which is checked again: the photo may have another size. Edges
 * follow the photo where product and backdrop differ in colour, and the mask elsewhere. */
bool image_cut_out_by_mask(const struct image *photo, const struct cut_mask *mask,
                           struct image *out, struct error *err) MUST_CHECK;
#endif
