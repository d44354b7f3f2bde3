/* matting_model.h - how a matting or segmentation model is used: the size and scale of its input,
 * and what its output means. */
#ifndef MATTING_MATTING_MODEL_H
#define MATTING_MATTING_MODEL_H
#include "base/blob.h"
#include "base/error.h"

struct matting_model {
    int width, height;      /* of input and mask */
    double mean[3], std[3]; /* per colour: (value - mean) / std, of values from 0 to 1 */
    bool divide_by_max;     /* values are divided by the largest of the image, not by 255 */
    int output;             /* position of the mask among the outputs */
    bool sigmoid;           /* the output is a logit */
    bool stretch;           /* the output is stretched to 0 to 1 */
    unsigned seconds;       /* of processor time that one run may take */
    unsigned memory_mb;     /* that one run may allocate */
};

/* Sets what is known about a model with this file name: u2net, isnet, birefnet and rmbg models.
 * Returns false if the name is not known; *out then has sizes of 0. */
bool matting_model_by_name(const char *path, struct matting_model *out);

/* Replaces the values that a JSON object names, with the names of the struct. Fails with
 * ERROR_CONFIG. */
bool matting_model_read(const struct blob *json, struct matting_model *model,
                        struct error *err) MUST_CHECK;

/* Sets what is known by name, then reads the file PATH.json if there is one. The size may still be
 * 0. Fails with ERROR_CONFIG, and a hint, if neither describes the model. */
bool matting_model_describe(const char *path, struct matting_model *out,
                            struct error *err) MUST_CHECK;
/* Replaces the size by the one that the model itself declares; 0 = any. Fails with ERROR_CONFIG,
 * and a hint, if the size is unknown or too large. */
bool matting_model_set_size(const char *path, int width, int height, struct matting_model *model,
                            struct error *err) MUST_CHECK;

/* Writes the planes of the model's input: red, green, blue. `pixels` are width x height x 3. */
void matting_model_input(const struct matting_model *model, const uint8_t *pixels, float *planes);

/* Turns the model's output into alpha: 0 to 255, at every fourth byte of `rgba`. Returns false if
 * the output has values that are not finite. */
bool matting_model_alpha(const struct matting_model *model, float *mask, uint8_t *rgba);
#endif
