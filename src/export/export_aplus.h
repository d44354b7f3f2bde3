/* export_aplus.h - A+ content as Amazon's A+ Content API takes it (2020-11-01, the body of
 * createContentDocument). An image is named by its file in the ZIP: its uploadDestinationId becomes
 * the id that the Uploads API returns for that file. */
#ifndef EXPORT_EXPORT_APLUS_H
#define EXPORT_EXPORT_APLUS_H
#include "export/export.h"

/* Adds the images of all modules to the files of the pack. */
void export_aplus_plan(struct export_pack *pack);
/* Builds pack->aplus, once the images are made. A module without its images becomes text. */
void export_aplus_build(struct export_pack *pack);
/* Returns the ASIN that the document is for, as the API takes it; NULL if none was named. */
cJSON *export_aplus_asins(const struct export_pack *pack);
#endif
