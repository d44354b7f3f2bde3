/* fuzz_database_url.c - arbitrary bytes as DATABASE_URL. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/postgres/database_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct database_url url;
    struct error err;

    if (!text) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (database_url_read(text, &url, &err)) {
        if (url.keywords[url.count] || url.values[url.count]) {
            abort();
        }
        for (const char *at = url.shown; *at; at++) {
            if ((unsigned char)*at < ' ') {
                abort();
            }
        }
        database_url_free(&url);
    } else if (err.kind != ERROR_CONFIG || !err.text[0]) {
        abort();
    }
    free(text);
    return 0;
}
