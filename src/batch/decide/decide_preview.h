/* decide_preview.h - what decisions on candidates would change, before they are carried out. */
#ifndef BATCH_DECIDE_DECIDE_PREVIEW_H
#define BATCH_DECIDE_DECIDE_PREVIEW_H
#include "app/database.h"
#include "base/text.h"
#include "batch/decide/decide_select.h"

/* Returns the rows and sums of sql/queries/decide_preview.sql. The caller frees *out. */
bool decide_preview(struct sql_session *session, const char *batch,
                    const struct decision_targets *targets, cJSON **out,
                    struct error *err) MUST_CHECK;
/* Writes the sums as a sentence: "Accept 3 candidates of batch b7-3f2a (2 products): 3 images are
 * replaced; `darkroom revert` brings them back." Returns false if nothing would change. */
bool decide_preview_text(const cJSON *preview, const char *batch, char *out, size_t size);
/* Prints the rows and the sums to standard output. */
void decide_preview_print(const cJSON *preview, const char *batch, bool json);
#endif
