/* schema.h - validates JSON against the part of JSON Schema (2020-12) that the project's schemas
 * use. An unknown keyword is an error, so that no rule is ignored. */
#ifndef LIB_SCHEMA_H
#define LIB_SCHEMA_H
#include <cjson/cJSON.h>

#include "base/error.h"

/* Returns true if the value is valid for `#/$defs/<name>` of the schema. The error names the path
 * of the invalid part. */
bool schema_holds(const cJSON *schema, const char *name, const cJSON *value,
                  struct error *err) MUST_CHECK;
#endif
