/* providers.c - the table of providers, from providers.inc. */
#include <string.h>

#include "providers/provider.h"

#define PROVIDER(name) extern const struct provider provider_##name;
#include "providers/providers.inc"
#undef PROVIDER

const struct provider *const providers[] = {
#define PROVIDER(name) &provider_##name,
#include "providers/providers.inc"
#undef PROVIDER
    NULL,
};

const struct provider *provider_find(const char *name)
{
    for (int i = 0; providers[i]; i++) {
        if (strcmp(providers[i]->name, name) == 0) {
            return providers[i];
        }
    }
    return NULL;
}
