/* record.h - all that a demo knows in the end, as one JSON object: from its database, with the
 * results put under names that people know.
 *
 *   project {productName, status, ...}   jobs [{type, image, status, steps, ...}]
 *   images [{type, file, width, metadata, ...}]   aplus {premium, modules} or null
 *   ledger [{amount, balance, ...}], sums [the same, one row for each "what for"], balance
 *   made {provider, imageModel, ...}   seconds {postgres, jobs, ...} */
#ifndef DEMO_RECORD_H
#define DEMO_RECORD_H
#include <cjson/cJSON.h>

#include "demo/results_folder.h"
#include "io/postgres/sql.h"
#include "store/store.h"

/* The caller deletes *out. */
bool demo_record_read(struct sql_session *session, cJSON **out, struct error *err) MUST_CHECK;

/* Puts the images (main_image.png, ...), the seller's photo and a_plus.json into the
 * results_folder, and notes the name of each image as "file" of its row. */
bool demo_record_export(cJSON *record, const struct store_target *place,
                        struct results_folder *results_folder, struct error *err) MUST_CHECK;

/* Is everything there that was asked for? */
bool demo_record_complete(const cJSON *record);

/* "main image", "A+ text", "A+ module 2, image 1": what a row of jobs or images is about. */
void demo_record_title(const cJSON *row, char *out, size_t size);

/* All steps of all jobs, one a name, in the order that jobs go through them. */
enum { DEMO_RECORD_STEPS = 16 };
struct step_time {
    const char *name;
    int count;
    double total_ms, most_ms;
};
int demo_record_steps(const cJSON *record, struct step_time out[DEMO_RECORD_STEPS]);
#endif
