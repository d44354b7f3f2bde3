/* export_rows.h - the images of a project, in the result of the query export_load. */
#ifndef EXPORT_EXPORT_ROWS_H
#define EXPORT_EXPORT_ROWS_H
#include "export/export.h"

/* Returns the newest image of a type; NULL if there is none. */
const cJSON *export_listing_image(const struct export_pack *pack, enum image_kind kind);
/* Returns the newest image of a slot of an A+ module (both from 0 on): the one that was made for
 * its description, else one that was made for this place of such a module; NULL if there is none.
 */
const cJSON *export_module_image(const struct export_pack *pack, const cJSON *module, int index,
                                 int slot);
/* Copies what the row says; `row` may be NULL. */
void export_read_row(const cJSON *row, struct export_file *file);
#endif
