/* prompt.h - fills prompt templates from a brief. A file of the same name in the operator's folder
 * (--prompts DIR) replaces a built-in template of assets/prompts.
 *
 * Template language: {{name}} is replaced by its value. {{#name}}...{{/name}} is kept if the value
 * is not empty, and repeated for the lists features and dimensions. {{^name}}...{{/name}} is kept
 * if the value is empty. "{{{{" gives a literal "{{". An unknown name is an error with template
 * and line. Values are inserted as plain text: "{{" in a seller's text has no effect. */
#ifndef MODEL_PROMPT_H
#define MODEL_PROMPT_H
#include "base/arena.h"
#include "base/error.h"
#include "model/brief.h"

struct prompts; /* loaded templates */

/* Reads and checks all templates. folder: NULL for built-in templates only. */
bool prompts_load(const char *folder, struct prompts **out, struct error *err) MUST_CHECK;
void prompts_free(struct prompts *prompts);

struct prompt {
    const char *text;
    const char *version; /* first 12 hex digits of the template's SHA-256, stored in metadata */
};

/* name: "main_image", "infographic", ..., "a_plus_module", "features", "aplus", "aplus_premium",
 * "translation".
 * again: why the previous answer was rejected, or NULL. max_characters: 0 means no limit of the
 * model. Fails with ERROR_INPUT if the prompt is longer. */
bool prompt_make(const struct prompts *prompts, const char *name, const struct brief *brief,
                 const char *again, int max_characters, struct arena *arena, struct prompt *out,
                 struct error *err) MUST_CHECK;
/* Does the same with the template of a batch. prompt_check validates one without a brief. */
bool prompt_fill(const char *template_text, const struct brief *brief, const char *again,
                 int max_characters, struct arena *arena, struct prompt *out,
                 struct error *err) MUST_CHECK;
bool prompt_check(const char *text, struct error *err) MUST_CHECK;
const char *prompt_name(enum image_kind kind); /* name of the template of an image type */
#endif
