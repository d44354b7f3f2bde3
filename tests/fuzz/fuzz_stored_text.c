/* fuzz_stored_text.c - no text becomes longer, or keeps a tag or a hidden character. */
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode/character.h"
#include "model/stored_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    size_t before = strlen(text);

    stored_text_clean(text);
    if (strlen(text) > before) {
        abort();
    }
    for (const char *at = text; *at;) {
        enum character_class class;
        size_t length = character_read(at, &class, NULL);

        if (class != CHARACTER_VISIBLE ||
            (*at == '<' && (isalpha((unsigned char)at[1]) || (at[1] && strchr("/!?", at[1]))))) {
            abort();
        }
        at += length;
    }
    free(text);
    return 0;
}
