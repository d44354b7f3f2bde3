/* aplus.h - A+ content: the JSON schema of its modules, and validation of lengths and wording. */
#ifndef MODEL_APLUS_H
#define MODEL_APLUS_H
#include "model/brief.h"
#include "model/rules.h"

enum { APLUS_MODULES = 6, APLUS_SLOTS = 8 };

const char *aplus_schema(bool premium); /* strict JSON schema for structured output */

struct aplus {
    const char *modules; /* compact JSON for the application: array of 4 to 6 modules */
    struct module_request requests[APLUS_MODULES * APLUS_SLOTS]; /* image slots, in order */
    int request_count;
};

/* Converts the model's answer into the form that the application's pages and exports read: bullets
 * and sidebar are arrays of texts, specifications an object. If it breaks rules of length, wording
 * or types, or claims something about other products that the seller's text does not say, fails
 * with ERROR_OUTPUT: err->text has as many violations as fit, and *all has the complete list, which
 * is sent back to the model. */
bool aplus_read(const char *json, bool premium, const struct brief *seller, struct arena *arena,
                struct aplus *out, const char **all, struct error *err) MUST_CHECK;
#endif
