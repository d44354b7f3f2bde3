/* schema_sample.h - JSON that satisfies a schema, with words that a listing could have. */
#ifndef STANDIN_OPENAI_SCHEMA_SAMPLE_H
#define STANDIN_OPENAI_SCHEMA_SAMPLE_H
#include <cjson/cJSON.h>
#include <stdint.h>

/* Walks the schema: types, enum, const, anyOf, $ref, bounds of strings, numbers and arrays. What
 * it does not bound is bounded by its name ("headline": 10 to 50 characters). Same seed, same
 * words. NULL where the schema nests too deep. */
cJSON *schema_sample_make(const cJSON *schema, uint64_t seed);
#endif
