/* rules.h - what an image must be, per marketplace and image type. Data: assets/rules.json. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H
#include "base/error.h"
#include "model/kind.h"

enum { RULE_CHECKS = 16, RULE_LIMITS = 4 };

struct check_rule {             /* one check that applies, with its limits */
    const char *check;          /* name of a row of checks.inc: "white", "fill" */
    double limits[RULE_LIMITS]; /* what they mean stands in the check's own file */
    int limit_count;
};

struct image_rules {
    struct size keep;     /* pixels that are stored */
    struct size keep_min; /* the smallest that may be stored where the photo gives no more */
    const char *format;   /* "png" or "jpeg" */
    const char *quality;  /* asked of the model: "low" .. "high" */
    bool on_white;        /* product alone, composed by us on pure white */
    double fill;          /* on_white: share of the longer side that the product takes */
    bool needs_features;
    bool needs_dimensions;
    bool needs_photo;
    int max_calls; /* how often an image may be asked for before the job fails */
    struct check_rule checks[RULE_CHECKS];
    int check_count;
};

struct rules;
bool rules_load(const char *json, struct rules **out, struct error *err) MUST_CHECK;
void rules_free(struct rules *rules);

/* ERROR_CONFIG where the marketplace is not in the file (the error lists those that are). */
bool rules_for(const struct rules *rules, const char *marketplace, enum image_kind kind,
               const struct image_rules **out, struct error *err) MUST_CHECK;
/* Pixels of an A+ module's image slot, by module type; the kind's own size where unknown. */
struct size rules_module_size(const struct rules *rules, const char *module_type);
#endif
