/* batch_text_only.h - the options of `regenerate --text-only`, and which images can be rendered
 * again. */
#ifndef BATCH_BATCH_TEXT_ONLY_H
#define BATCH_BATCH_TEXT_ONLY_H
#include "batch/regenerate.h"

/* Reads the flags into regenerate->text_only. Fails with ERROR_INPUT for flags that exclude each
 * other. */
bool batch_text_only_read(struct regenerate *regenerate, struct error *err) MUST_CHECK;

/* Limits the selection to images with a stored plate, and counts the others. Fails with ERROR_INPUT
 * if none remains, or if layout or brand kit do not fit one of them. */
bool batch_text_only_select(struct regenerate *regenerate, struct error *err) MUST_CHECK;

/* Returns the options as JSON, without the bytes of the logo; NULL if text-only is not wanted. The
 * caller deletes it. */
cJSON *batch_text_only_json(const struct regenerate *regenerate);
/* The same for the batch, with the logo. */
cJSON *batch_text_only_options(const struct regenerate *regenerate);

/* Returns one line about the selected images without a plate, allocated in the arena; NULL if there
 * are none. */
const char *batch_text_only_note(const struct regenerate *regenerate);
#endif
