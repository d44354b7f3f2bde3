/* cut_out.h - separates the product from a plain backdrop, and says when it cannot be trusted to.
 */
#ifndef IMAGE_CUT_OUT_CUT_OUT_H
#define IMAGE_CUT_OUT_CUT_OUT_H
#include "image/image.h"

/* Makes the backdrop of a photo transparent: also where the product encloses it, and where the
 * product's shadow falls on it. Edge pixels get a soft alpha, without the backdrop's colour. out
 * has 4 channels.
 *
 * Fails with ERROR_INPUT and a reason if the result is uncertain: the backdrop is not plain, the
 * product's colour is close to the backdrop's, parts are transparent, or edges are too soft. */
bool image_cut_out(const struct image *photo, struct image *out, struct error *err) MUST_CHECK;

/* As image_cut_out, for an image that is compared with the seller's photo of the product, or is
 * that photo: parts that may be missing at its edge, or a shadow that may be one, are no reason to
 * fail, since the comparison finds them. */
bool image_cut_out_to_compare(const struct image *photo, struct image *out,
                              struct error *err) MUST_CHECK;

/* Keeps everything of an image whose background is white or almost white, such as a white product
 * that image_cut_out is uncertain about: the background becomes transparent, and the light of what
 * is left is scaled so that the background's colour would be white. Fails with ERROR_INPUT if the
 * background is not white. */
bool image_cut_from_white(const struct image *image, struct image *out,
                          struct error *err) MUST_CHECK;

/* Returns true if image_cut_out would succeed. A photo with a transparent background needs no
 * cut-out. */
bool cut_out_is_certain(const struct image *photo, struct error *err) MUST_CHECK;
#endif
