/* make_zip.h - adds the ZIP for a marketplace to the results of darkroom make. */
#ifndef CLI_MAKE_MAKE_ZIP_H
#define CLI_MAKE_MAKE_ZIP_H
#include "demo/pack_run.h"

/* Adds the ZIP that `darkroom export` would write, and says in the record what it lacks. */
bool make_zip(const struct pack_results *results, struct error *err) MUST_CHECK;
#endif
