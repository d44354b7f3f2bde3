/* record.h - the record of a demo: one JSON object with its jobs, images, credits and durations,
 * read from its database. `darkroom demo --json` prints it; the album shows it.
 *
 *   project {productName, status, ...}   jobs [{type, image, status, steps, ...}]
 *   images [{type, file, width, metadata, ...}]   aplus {premium, modules} or null
 *   ledger [{amount, balance, ...}]   sums [the ledger summed up by description]   balance
 *   made {provider, imageModel, ...}   seconds {postgres, jobs, ...} */
#ifndef DEMO_RECORD_H
#define DEMO_RECORD_H
#include <cjson/cJSON.h>

#include "demo/order.h"
#include "demo/results_folder.h"
#include "io/postgres/sql.h"
#include "providers/provider.h"
#include "store/store.h"

/* Reads the record of a project from the database. The caller calls cJSON_Delete on *out. */
bool demo_record_read(struct sql_session *session, const char *project, cJSON **out,
                      struct error *err) MUST_CHECK;

/* Copies the images (main_image.png, ...), the first photo, A+ text and the pictures of rejected
 * answers into the results folder, and sets "file" of each image and rejected answer to its file
 * name and "photo" of the record to the photo's. */
bool demo_record_export(cJSON *record, const struct store_target *store, const struct order *order,
                        struct results_folder *results_folder, struct error *err) MUST_CHECK;

/* Returns true if all jobs and the project are completed. */
bool demo_record_complete(const cJSON *record);

/* Returns true if the record is of a complete pack of these photos and texts (a digest), and if the
 * image provider of a new run would not improve it: placeholders are no pack for a model. */
bool demo_record_serves(const cJSON *record, const char *inputs, const struct provider *provider);

/* Writes "complete", or what is missing, such as "1 part missing". */
void demo_record_status(const cJSON *record, char *out, size_t size);

/* Writes the title of a row of "jobs" or "images", such as "main image" or "A+ module 2, image 1".
 */
void demo_record_title(const cJSON *row, char *out, size_t size);

/* Adds up the durations of each step over all jobs. Returns the number of steps written to `out`,
 * in the order in which a job runs them. The names point into the record or are static. */
enum { DEMO_RECORD_STEPS = 16 };
struct step_time {
    const char *name;
    int count;
    double total_ms, longest_ms;
};
int demo_record_steps(const cJSON *record, struct step_time out[DEMO_RECORD_STEPS]);
#endif
