/* cut_out_model.h - the operator's cut-out model, from settings. */
#ifndef APP_CUT_OUT_MODEL_H
#define APP_CUT_OUT_MODEL_H
#include "matting/matting_pool.h"
#include "settings/settings.h"

/* The settings that cut_out_model_open reads, for the list of a command. */
#define CUT_OUT_MODEL_SETTINGS "cutout-model", "cutout-runtime"

/* Opens the model of --cutout-model. Fails with ERROR_CONFIG, and a hint, if it cannot be used. The
 * memory budget must be set. */
bool cut_out_model_open(const struct settings *settings, struct matting_state *out,
                        struct error *err) MUST_CHECK;

/* Does the same for a worker, and logs the model; does nothing if the setting is not set. */
bool cut_out_model_start(const struct settings *settings, struct error *err) MUST_CHECK;
void cut_out_model_stop(void); /* harmless without a start */
#endif
