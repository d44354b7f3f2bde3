/* output_schema.h - JSON Schema (draft 2020-12) of the objects that a command prints with --json.
 */
#ifndef CLI_OUTPUT_OUTPUT_SCHEMA_H
#define CLI_OUTPUT_OUTPUT_SCHEMA_H
#include <cjson/cJSON.h>

#include "cli/output/output_object.h"

/* Returns the schema: "oneOf" lists the objects and the error object, "$defs" has them and what
 * they contain. The caller frees it. `title` names the command: "darkroom jobs --json". */
cJSON *output_schema(const char *title, const struct output_object *const *objects);
#endif
