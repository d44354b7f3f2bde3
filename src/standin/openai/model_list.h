/* model_list.h - the models that the stand-in offers, and those that are gone.
 * Data: assets/standin/models.json, which is the other side's knowledge and none of the worker's.
 */
#ifndef STANDIN_OPENAI_MODEL_LIST_H
#define STANDIN_OPENAI_MODEL_LIST_H
#include <stdint.h>

#include "base/error.h"

enum { OFFERED_MODEL_WORDS = 8, OFFERED_MODELS = 64 };

struct offered_model {
    const char *id;
    bool image;
    const char *shutdown;                   /* "2026-12-01" or NULL */
    bool grid;                              /* any size on the grid; else one of sizes */
    const char *sizes[OFFERED_MODEL_WORDS]; /* NULL-ended, as the others */
    const char *quality[OFFERED_MODEL_WORDS];
    int64_t tokens[OFFERED_MODEL_WORDS]; /* of a picture of 1024x1024, by quality */
    const char *formats[OFFERED_MODEL_WORDS];
    const char *fidelity[OFFERED_MODEL_WORDS];
    bool complexity, markup;
    double usd[3];      /* per million tokens: text in, image in, out */
    double batch_share; /* of that in a batch; 0: not in batches */
};

struct model_list;
bool model_list_load(struct model_list **out, struct error *err) MUST_CHECK;
void model_list_free(struct model_list *list);
const struct offered_model *model_list_find(const struct model_list *list, const char *id);
const struct offered_model *model_list_at(const struct model_list *list,
                                          int index);          /* NULL: past the end */
bool offered_model_retired(const struct offered_model *offer); /* its day has come */
/* Place of a word in a NULL-ended list; -1: it is not there. */
int word_index(const char *const *words, const char *word);
#endif
