/* kind.h - image types (the application's "ImageType"), in the order of a pack, and tasks of
 * models. */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

enum image_kind {
    MAIN_IMAGE,
    INFOGRAPHIC,
    FEATURE_HIGHLIGHT,
    LIFESTYLE,
    COMPARISON_CHART,
    DIMENSION_DIAGRAM,
    A_PLUS_MODULE,
    IMAGE_KINDS,
    PACK_KINDS = A_PLUS_MODULE /* a pack consists of the first six */
};

const char *kind_name(enum image_kind kind);  /* "MAIN_IMAGE" */
const char *kind_title(enum image_kind kind); /* "main image", for use in sentences */
enum image_kind kind_find(const char *name);  /* IMAGE_KINDS for an unknown name */

enum task { TASK_IMAGE = 1, TASK_EDIT = 2, TASK_TEXT = 4 };

struct size { /* pixels */
    int width, height;
};
#endif
