/* decisions.h - reads the file of decisions that a review page saves:
 *
 *   {"darkroom": "decisions", "version": 1, "batch": "b7-3f2a",
 *    "decisions": [{"item": 12, "variant": 1, "decision": "accept"}, ...]}
 *
 * The file is untrusted: it is checked completely before any decision is carried out. */
#ifndef BATCH_REVIEW_DECISIONS_H
#define BATCH_REVIEW_DECISIONS_H
#include <stddef.h>

#include "base/error.h"

enum { DECISIONS_MAX = 200000, DECISIONS_BYTES = 32 << 20, BATCH_ID = 41 };

struct decision {
    int item, variant; /* from 1 */
    bool accept;       /* false: reject */
};

struct decisions {
    char batch[BATCH_ID];
    struct decision *list; /* sorted by item, then variant; no duplicates, and at most one accepted
                              variant per item */
    int count;
};

/* ERROR_INPUT says what is wrong, and in which decision. Free *out with decisions_free. */
bool decisions_read(const void *data, size_t size, struct decisions *out,
                    struct error *err) MUST_CHECK;
void decisions_free(struct decisions *decisions);

/* Returns true if `id` has the form of a batch id, such as "b7-3f2a". */
bool batch_id_valid(const char *id);

/* Parses "12" or "12/2" into item and variant; variant is 0 if it is not given. */
bool decision_target_parse(const char *word, int *item, int *variant);
#endif
