/* model_list.h - the models that the stand-in offers, and those that are gone.
 * Data: assets/standin/models.json, which is the other side's knowledge and none of the worker's.
 */
#ifndef STANDIN_OPENAI_MODEL_LIST_H
#define STANDIN_OPENAI_MODEL_LIST_H
#include <stdint.h>

#include "base/error.h"

enum { OFFER_WORDS = 8, OFFERS = 64 };

struct offer {
    const char *id;
    bool image;
    const char *shutdown;           /* "2026-12-01" or NULL */
    bool grid;                      /* any size on the grid; else one of sizes */
    const char *sizes[OFFER_WORDS]; /* NULL-ended, as the others */
    const char *quality[OFFER_WORDS];
    int64_t tokens[OFFER_WORDS]; /* of a picture of 1024x1024, by quality */
    const char *formats[OFFER_WORDS];
    const char *fidelity[OFFER_WORDS];
    bool complexity, markup;
    double usd[3];      /* per million tokens: text in, image in, out */
    double batch_share; /* of that in a batch; 0: not in batches */
};

struct model_list;
bool model_list_load(struct model_list **out, struct error *err) MUST_CHECK;
void model_list_free(struct model_list *list);
const struct offer *model_list_find(const struct model_list *list, const char *id);
const struct offer *model_list_at(const struct model_list *list,
                                  int index); /* NULL: past the end */
bool offer_gone(const struct offer *offer);   /* its day has come */
/* Place of a word in a NULL-ended list; -1: it is not there. */
int word_index(const char *const *words, const char *word);
#endif
