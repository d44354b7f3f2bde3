/* heif_library.c - loads libheif. */
#include "image/codec/heif_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct heif_library functions;
static bool loaded;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static bool resolve(void *library, const char *name, void *to)
{
    void *found = dlsym(library, name);

    memcpy(to, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL);
    struct heif_error (*init)(struct heif_init_params *) = NULL;

    if (!library) {
        return;
    }
    loaded = true;
#define HEIF_FUNCTION(name) loaded = resolve(library, #name, &functions.name) && loaded;
#include "image/codec/heif_functions.inc"
#undef HEIF_FUNCTION
    if (loaded && resolve(library, "heif_init", &init)) {
        (void)init(NULL); /* loads the decoders that are plugins */
    }
}

const struct heif_library *heif_library(void)
{
    pthread_once(&load_once, load);
    return loaded ? &functions : NULL;
}
