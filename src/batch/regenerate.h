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

    struct where_expression *filter;
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

/* -- select_query.c: which images -------------------------------------------------------- */

/* Reads filters and ids: asks no database. ERROR_INPUT names the flag that is wrong. */
bool select_read_flags(struct regenerate *regenerate, int argc, char **argv,
                       struct error *err) MUST_CHECK;
/* Asks the database what they choose; ERROR_INPUT where that is nothing. */
bool select_query(struct regenerate *regenerate, struct error *err) MUST_CHECK;

/* -- select_like_read.c: as one image was made --------------------------------------------------
 */

/* Reads --from and --prompt-file; asks the database where an image is named. */
bool select_like_read(struct regenerate *regenerate, int argc, struct error *err) MUST_CHECK;
const char *select_like_quality(const struct regenerate *regenerate); /* NULL: as usual */

/* -- batch_price_estimate.c: by which models, for how much
 * ----------------------------------------- */

bool batch_price_models(struct regenerate *regenerate, struct error *err) MUST_CHECK;
bool batch_price_estimate(struct regenerate *regenerate, struct error *err) MUST_CHECK;
int batch_price_candidates(const struct regenerate *regenerate); /* candidates of one image */

/* -- price_report.c: what a person is told before it begins --------------------------------- */

void price_report(const struct regenerate *regenerate);
cJSON *price_report_json(const struct regenerate *regenerate); /* the caller deletes */
/* Asks on the terminal; ERROR_INPUT where nobody says yes. */
bool price_report_confirm(const struct regenerate *regenerate, struct error *err) MUST_CHECK;
#endif
