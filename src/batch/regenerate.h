/* regenerate.h - darkroom regenerate: from flags to a choice, its price, and a batch. */
#ifndef BATCH_REGENERATE_H
#define BATCH_REGENERATE_H
#include "app/database.h"
#include "batch/where/where.h"
#include "model/catalog.h"
#include "model/estimate.h"
#include "model/rules.h"

enum { REGENERATE_MODELS = 8, REGENERATE_ROWS = 10 };

struct regenerate {
    const struct settings *settings;
    struct arena *arena;
    struct sql_session *session;
    struct catalog *catalog;
    struct rules *rules;

    struct filter *filter;
    const char *ids; /* as a Postgres array; NULL: none are named */
    int id_count;
    cJSON *choice; /* the answer of select_images */

    const char *from;                      /* --from; NULL: filters or ids choose */
    const char *from_model, *from_quality; /* as that image was made; NULL: not told */
    const char *prompt;                    /* a template of the batch's own; NULL: the usual ones */

    const struct model *models[REGENERATE_MODELS]; /* candidates by each */
    int model_count;
    struct estimate_row *rows;
    int row_count;
    struct estimate estimate;
};

/* -- regenerate_choose.c: which images -------------------------------------------------------- */

/* Reads filters and ids: asks no database. ERROR_INPUT names the flag that is wrong. */
bool regenerate_read(struct regenerate *regenerate, int argc, char **argv,
                     struct error *err) MUST_CHECK;
/* Asks the database what they choose; ERROR_INPUT where that is nothing. */
bool regenerate_choose(struct regenerate *regenerate, struct error *err) MUST_CHECK;

/* -- regenerate_from.c: as one image was made -------------------------------------------------- */

/* Reads --from and --prompt-file; asks the database where an image is named. */
bool regenerate_from(struct regenerate *regenerate, int argc, struct error *err) MUST_CHECK;
const char *regenerate_quality(const struct regenerate *regenerate); /* NULL: as usual */

/* -- regenerate_price.c: by which models, for how much ----------------------------------------- */

bool regenerate_models(struct regenerate *regenerate, struct error *err) MUST_CHECK;
bool regenerate_price(struct regenerate *regenerate, struct error *err) MUST_CHECK;
int regenerate_copies(const struct regenerate *regenerate); /* candidates of one image */

/* -- regenerate_tell.c: what a person is told before it begins --------------------------------- */

void regenerate_tell(const struct regenerate *regenerate);
cJSON *regenerate_estimate_json(const struct regenerate *regenerate); /* the caller deletes */
/* Asks on the terminal; ERROR_INPUT where nobody says yes. */
bool regenerate_confirm(const struct regenerate *regenerate, struct error *err) MUST_CHECK;
#endif
