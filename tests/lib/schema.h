/* schema.h - JSON Schema (2020-12), as much of it as our own schemas use. A word that it does not
 * know is a failure too, so that no rule is passed over in silence. */
#ifndef LIB_SCHEMA_H
#define LIB_SCHEMA_H
#include <cjson/cJSON.h>

#include "base/error.h"

/* Is the value as `#/$defs/<name>` of the schema says? The error names the path of what is not. */
bool schema_holds(const cJSON *schema, const char *name, const cJSON *value,
                  struct error *err) MUST_CHECK;
#endif
