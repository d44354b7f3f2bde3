/* prompt.h - brief + template -> words. Templates: assets/prompts/<name>.txt, replaceable by a
 * file of the same name in the user's own folder (--prompts DIR).
 *
 * Template language: {{name}} is replaced; {{#name}}...{{/name}} is kept when name is not empty,
 * and repeated for the lists features, dimensions; {{^name}}...{{/name}} is kept when it is empty;
 * "{{{{" stands for "{{" itself.
 * An unknown name is an error that gives file and line. What comes from sellers is put in as plain
 * text: "{{" in it has no meaning. */
#ifndef MODEL_PROMPT_H
#define MODEL_PROMPT_H
#include "base/arena.h"
#include "base/error.h"
#include "model/brief.h"

struct prompts; /* loaded templates */

/* folder: NULL for the built-in ones alone. Reads and checks all templates at once. */
bool prompts_load(const char *folder, struct prompts **out, struct error *err) MUST_CHECK;
void prompts_free(struct prompts *prompts);

struct prompt {
    const char *text;
    const char *version; /* first 12 hex digits of the template's SHA-256: goes into metadata */
};

/* name: "main_image", "infographic", ..., "a_plus_module", "features", "aplus". `again` is what a
 * check found wrong with the last answer, or NULL. */
bool prompt_make(const struct prompts *prompts, const char *name, const struct brief *brief,
                 const char *again, int max_characters, struct arena *arena, struct prompt *out,
                 struct error *err) MUST_CHECK;
/* The same of a template that a batch brings. prompt_check says beforehand what is wrong with it.
 */
bool prompt_fill(const char *template_text, const struct brief *brief, const char *again,
                 int max_characters, struct arena *arena, struct prompt *out,
                 struct error *err) MUST_CHECK;
bool prompt_check(const char *text, struct error *err) MUST_CHECK;
const char *prompt_name(enum image_kind kind); /* template of an image type */
#endif
