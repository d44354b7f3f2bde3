/* model_list.h - models that the stand-in offers, retired ones included.
 * Data: assets/standin/models.json. The worker does not read it, so that its own model data is
 * tested against an independent source. */
#ifndef STANDIN_OPENAI_MODEL_LIST_H
#define STANDIN_OPENAI_MODEL_LIST_H
#include <stdint.h>

#include "base/error.h"

enum { OFFERED_MODEL_WORDS = 8, OFFERED_MODELS = 64 };

struct offered_model {
    const char *id;
    bool image;
    const char *shutdown; /* "2026-12-01" or NULL */
    bool grid;            /* any size in steps of 16 pixels; otherwise one of sizes */
    const char *sizes[OFFERED_MODEL_WORDS]; /* these lists end with NULL */
    const char *quality[OFFERED_MODEL_WORDS];
    int64_t tokens[OFFERED_MODEL_WORDS]; /* of an image of 1024x1024, by quality */
    const char *formats[OFFERED_MODEL_WORDS];
    const char *fidelity[OFFERED_MODEL_WORDS];
    bool complexity, markup;
    double usd[3];      /* per million tokens: text in, image in, out */
    double batch_share; /* of usd in a batch, 0.5 is half; 0: no batches */
};

struct model_list;
bool model_list_load(struct model_list **out, struct error *err) MUST_CHECK;
void model_list_free(struct model_list *list);
const struct offered_model *model_list_find(const struct model_list *list, const char *id);
const struct offered_model *model_list_at(const struct model_list *list,
                                          int index);          /* NULL past the end */
bool offered_model_retired(const struct offered_model *offer); /* true from the shutdown date on */
/* Returns the index of a word in a list that ends with NULL, or -1. */
int word_index(const char *const *words, const char *word);
#endif
