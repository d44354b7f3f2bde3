/* decisions.h - what a person decided on a review's page, as the page saves it:
 *
 *   {"darkroom": "decisions", "version": 1, "batch": "b7-3f2a",
 *    "decisions": [{"item": 12, "variant": 1, "decision": "accept"}, ...]}
 *
 * The file comes from a browser's folder, or from anybody: it is checked in full before any of it
 * is done. */
#ifndef BATCH_REVIEW_DECISIONS_H
#define BATCH_REVIEW_DECISIONS_H
#include <stddef.h>

#include "base/error.h"

enum { DECISIONS_MAX = 200000, DECISIONS_BYTES = 32 << 20, BATCH_ID = 41 };

struct decision {
    int item, variant; /* from 1 */
    bool accept;       /* else reject */
};

struct decisions {
    char batch[BATCH_ID];
    struct decision *list; /* by item, then variant; each once, at most one of an item accepted */
    int count;
};

/* ERROR_INPUT says what is wrong, and where. Freed with decisions_free. */
bool decisions_read(const void *data, size_t size, struct decisions *out,
                    struct error *err) MUST_CHECK;
void decisions_free(struct decisions *decisions);

/* Is it written as the ids of batches are: "b7-3f2a"? */
bool batch_id_valid(const char *id);

/* "12" (variant 0: the best) or "12/2". */
bool decision_target_parse(const char *word, int *item, int *variant);
#endif
