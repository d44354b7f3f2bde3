/* export_rules.h - what an export for a marketplace contains, from assets/exports.json. The limits
 * of single images are in rules.h. */
#ifndef MODEL_EXPORT_RULES_H
#define MODEL_EXPORT_RULES_H
#include "base/error.h"
#include "model/kind.h"

enum { EXPORT_SLOTS = 4 };

struct export_market {
    const char *name;                         /* "amazon" */
    const char *title;                        /* "Amazon" */
    const char *main_pattern, *other_pattern; /* file names: "{id}.PT{nn}" */
    const char *upload;                       /* where the seller uploads the files */
    const char *left_out_reason;
    unsigned left_out;  /* bit i: images of type i are forbidden */
    bool needs_asin;    /* the names begin with the ASIN */
    bool square;        /* images must be squares */
    bool aplus;         /* has A+ content */
    int max_others;     /* images besides the main image */
    int wanted;         /* images that the marketplace asks for */
    int short_side;     /* least pixels of the shorter side */
    int max_megapixels; /* of an image */
    int max_name;       /* characters of a file name */
};

struct export_module {               /* how a module of the application becomes one of Amazon */
    const char *source;              /* "standard-four-images-text" */
    const char *type;                /* "STANDARD_FOUR_IMAGE_TEXT" */
    const char *note;                /* what the seller should know, or NULL */
    struct size slots[EXPORT_SLOTS]; /* smallest sizes of its images */
    int slot_count;
    enum image_kind second; /* listing image of the second slot; IMAGE_KINDS: an own image */
    int max_headline;       /* characters */
    int max_body;           /* characters of a text block */
    int blocks;             /* text blocks */
    int max_bullet;         /* characters of a list item; 0: the module has no list */
};

struct export_aplus {
    int max_modules;
    int max_bytes; /* of an image */
    int sharp;     /* images have up to this many times the pixels of their slot, each way */
};

struct export_rules;
/* ERROR_CONFIG if the JSON is not as expected. */
bool export_rules_load(const char *json, struct export_rules **out, struct error *err) MUST_CHECK;
void export_rules_free(struct export_rules *rules);

/* ERROR_INPUT, listing the known marketplaces, if there are no rules for this one. */
bool export_rules_market(const struct export_rules *rules, const char *name,
                         const struct export_market **out, struct error *err) MUST_CHECK;
/* Returns NULL for an unknown module type of the application. */
const struct export_module *export_rules_module(const struct export_rules *rules,
                                                const char *source);
const struct export_aplus *export_rules_aplus(const struct export_rules *rules);
/* Returns the image type at this place of an export; IMAGE_KINDS after the last one. */
enum image_kind export_rules_kind(const struct export_rules *rules, int place);
#endif
