/* fuzz_dotenv.c - arbitrary bytes as a .env file. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "settings/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *lookup(const char *name, void *context)
{
    (void)context;
    return strcmp(name, "SHELL") == 0 ? "$A" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dotenv dotenv;
    struct error err;

    if (dotenv_read((const char *)data, size, lookup, NULL, &dotenv, &err)) {
        for (int i = 0; i < dotenv.count; i++) {
            if (!dotenv_find(&dotenv, dotenv.entries[i].name)) {
                abort();
            }
        }
        dotenv_free(&dotenv);
    }
    return 0;
}
