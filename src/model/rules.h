/* rules.h - requirements for images by marketplace and image type, from assets/rules.json. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H
#include "base/error.h"
#include "model/dimensions/dimensions.h"
#include "model/kind.h"

enum { RULE_CHECKS = 32, RULE_LIMITS = 6 };

struct check_rule {             /* a required check, with its limits */
    const char *check;          /* name of a check in checks.inc: "white", "fill" */
    double limits[RULE_LIMITS]; /* the check's own file explains them */
    int limit_count;
};

enum text_method {
    TEXT_COMPOSED, /* the model makes a picture without text; src/compose adds the text */
    TEXT_MODEL     /* the model paints the text */
};

struct image_rules {
    struct size keep; /* size of the stored image */
    struct size
        keep_min;        /* smallest size that may be stored if the photo is too small for `keep` */
    const char *format;  /* "png" or "jpeg" */
    const char *quality; /* requested from the model: "low" to "high" */
    bool on_white;       /* the product only; the worker places it on pure white */
    double fill;         /* if on_white: share of the longer side that the product fills */
    enum text_method text; /* of image types with text */
    const char *layout;    /* name of the layout of composed text; "": by the style */
    bool needs_features;
    bool needs_dimensions;
    bool needs_photo;
    enum dimension_units units; /* of printed dimensions */
    int max_calls; /* maximum number of calls per image, including the first, before the job fails
                    */
    struct check_rule checks[RULE_CHECKS];
    int check_count;
};

struct rules;
bool rules_load(const char *json, struct rules **out, struct error *err) MUST_CHECK;
void rules_free(struct rules *rules);

/* Fails with ERROR_CONFIG, listing the known marketplaces, if this one is unknown. */
bool rules_for(const struct rules *rules, const char *marketplace, enum image_kind kind,
               const struct image_rules **out, struct error *err) MUST_CHECK;
/* Returns the size of an A+ module's image by module type; the size of A_PLUS_MODULE for an
 * unknown type. */
struct size rules_module_size(const struct rules *rules, const char *module_type);
#endif
