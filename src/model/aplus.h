/* aplus.h - A+ content: the modules' JSON schema, and every rule that we check ourselves. */
#ifndef MODEL_APLUS_H
#define MODEL_APLUS_H
#include "model/brief.h"
#include "model/rules.h"

enum { APLUS_MODULES = 6, APLUS_SLOTS = 8 };

const char *aplus_schema(bool premium); /* strict JSON schema, for structured output */

struct aplus {
    const char *modules; /* compact JSON as the application reads it: array of 4 to 6 modules */
    struct module_request requests[APLUS_MODULES * APLUS_SLOTS]; /* image slots, in order */
    int request_count;
};

/* Turns the model's answer into what is stored. Violations of lengths and content rules are listed
 * in err->text (as many as fit) with kind ERROR_OUTPUT, fit to be sent back to the model: *all gets
 * the whole list. */
bool aplus_read(const char *json, bool premium, struct arena *arena, struct aplus *out,
                const char **all, struct error *err) MUST_CHECK;
#endif
