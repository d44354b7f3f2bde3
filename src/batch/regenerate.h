/* regenerate.h - the state of darkroom regenerate: selected images, models, and the estimate. */
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
    struct arena *arena; /* owns the texts and rows below */
    struct sql_session *session;
    struct catalog *catalog;
    struct rules *rules;

    struct where_expression *where;
    const char *ids; /* image ids or URLs as a Postgres array; NULL if none are named */
    int id_count;
    cJSON *selection; /* the answer of darkroom.select_images */

    const char *from;                      /* --from; NULL without that flag */
    const char *from_model, *from_quality; /* recorded for that image; NULL if unknown */
    const char *prompt;                    /* prompt template of this batch; NULL: the defaults */

    struct text_only_options {
        bool wanted;               /* --text-only */
        const char *language;      /* NULL: no translation */
        const char *layout;        /* NULL: the one that each image has */
        struct size size;          /* 0x0: as the rules say */
        const char *brand_kit;     /* NULL: that of the project */
        const char *logo_file;     /* --logo; NULL: that of the brand kit */
        const char *logo;          /* its bytes in base64; NULL without logo_file */
        int64_t without_plate;     /* selected images that cannot be rendered again */
        const char *first_without; /* id of one of them */
    } text_only;

    const struct model *models[REGENERATE_MODELS]; /* each makes candidates of every image */
    int model_count;
    struct estimate_row *rows; /* one for each kind of image and model */
    int row_count;
    struct estimate estimate;
};
#endif
