/* export_module.h - one module of the A+ document, in the forms of Amazon's API. */
#ifndef EXPORT_EXPORT_MODULE_H
#define EXPORT_EXPORT_MODULE_H
#include "export/export.h"

/* Builds a module whose images are all made. Sets *shortened if text did not fit. */
cJSON *export_module_build(const struct export_pack *pack, const struct export_module *type,
                           const cJSON *module, int number, bool *shortened);
/* Builds a module of text alone. Returns NULL if there is no text. */
cJSON *export_module_build_text(const struct export_pack *pack, const struct export_module *type,
                                const cJSON *module, bool *shortened);
#endif
