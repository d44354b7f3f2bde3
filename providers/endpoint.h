/* endpoint.h - the settings of a provider, and the values that a request uses. */
#ifndef PROVIDERS_ENDPOINT_H
#define PROVIDERS_ENDPOINT_H
#include "base/error.h"
#include "base/secret.h"

enum { ENDPOINT_VALUES = 8 };

enum provider_setting_use {
    PROVIDER_KEY,      /* the API key; read from the environment or a file, never from a flag */
    PROVIDER_BASE_URL, /* replaces provider.base_url */
    PROVIDER_HEADER,   /* sent as a request header if it is set */
    PROVIDER_PRESET,   /* chooses the defaults "<provider>/<value>" of assets/models.json */
    PROVIDER_OPTION    /* read by the provider itself: endpoint.values */
};

struct provider_setting {  /* one setting; `darkroom config` and --help list it */
    const char *name;      /* "openai-base-url": flag --openai-base-url */
    const char *variables; /* environment variables, highest priority first, separated by blanks;
                              NULL means DARKROOM_<NAME> */
    const char *argument;  /* placeholder of the value in help, "URL" */
    const char *choices;   /* PROVIDER_OPTION: "a|b|c" if only these values are valid, else NULL */
    const char *help;      /* one line, lower case, without a full stop */
    const char *header;    /* PROVIDER_HEADER: name of the header, in lower case */
    enum provider_setting_use use;
};

struct provider;

struct endpoint {                    /* how a provider is reached, and with which credentials */
    const struct provider *provider; /* its owner: error messages name title and key variable */
    const char *base_url;            /* NULL means provider.base_url */
    const struct secret *key;        /* NULL or empty if the provider needs none */
    /* The value of provider.settings[i], NULL if it is not set. Always NULL for PROVIDER_KEY. */
    const char *values[ENDPOINT_VALUES];
};
#endif
