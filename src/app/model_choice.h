/* model_choice.h - the model that a setting names, or the default of the provider. */
#ifndef APP_MODEL_CHOICE_H
#define APP_MODEL_CHOICE_H
#include "model/catalog.h"
#include "settings/settings.h"

/* Returns the default model of a provider for `use` (see catalog_default). If the provider has a
 * preset, it is the default of that preset. Returns NULL if the catalog has no default. */
const struct model *model_default(const struct settings *settings, const struct catalog *catalog,
                                  const char *provider, const char *use);

/* The model that the setting `name` ("image-model") contains, or the default. A provider with
 * presets accepts ids that the catalog does not contain: such a model is added, with the sizes of
 * the default and unknown prices. Fails with ERROR_CONFIG if the model is unknown, belongs to
 * another provider, cannot do `use`, or a setting of the provider excludes it. */
bool model_choose(const struct settings *settings, struct catalog *catalog, const char *provider,
                  const char *name, const char *use, const struct model **out,
                  struct error *err) MUST_CHECK;
/* Fails with ERROR_INPUT, listing the qualities, if the model has none that `quality` names. A
 * model with fewer than two accepts every name that another model of the catalog has. */
bool model_check_quality(const struct catalog *catalog, const struct model *model,
                         const char *quality, struct error *err) MUST_CHECK;
#endif
