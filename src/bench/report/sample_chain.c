/* sample_chain.c - computes and checks the hash chain of samples. */
#include "bench/report/sample_chain.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { OBJECT_BYTES = 1 << 20 };

static const char key[] = ",\"chain\":\"";
enum { KEY = sizeof key - 1, TAIL = KEY + DIGEST_TEXT - 1 + 2 }; /* with "} */

void sample_chain_begin(struct sample_chain *chain)
{
    *chain = (struct sample_chain){ .lines = 0 };
}

/* Digests the head and the object without its closing brace. */
static void advance(struct sample_chain *chain, const char *object, size_t size)
{
    struct text all;

    text_begin(&all, OBJECT_BYTES + DIGEST_TEXT);
    text_add(&all, chain->head);
    text_add_bytes(&all, object, size);
    digest_hex(all.data, all.size, chain->head);
    text_end(&all);
    chain->lines++;
}

void sample_chain_add(struct sample_chain *chain, const char *object, struct text *out)
{
    size_t size = strlen(object) - 1; /* without the closing brace */

    advance(chain, object, size);
    text_add_bytes(out, object, size);
    text_printf(out, "%s%s\"}\n", key, chain->head);
}

static bool check_line(struct sample_chain *chain, const char *line, size_t size, struct error *err)
{
    const char *tail = line + size - TAIL;

    if (size <= TAIL || size > OBJECT_BYTES || memcmp(tail, key, KEY) != 0 ||
        memcmp(line + size - 2, "\"}", 2) != 0) {
        return error_set(err, chain->lines == 0 ? ERROR_INPUT : ERROR_OUTPUT,
                         chain->lines == 0 ? "line 1 has no chain: the file was not written by "
                                             "`darkroom bench --out` of this version, or edited"
                                           : "line %d has no chain",
                         chain->lines + 1);
    }
    advance(chain, line, size - TAIL);
    return memcmp(tail + KEY, chain->head, DIGEST_TEXT - 1) == 0 ||
           error_set(err, ERROR_OUTPUT,
                     "line %d does not continue the chain: it was edited or moved, or a line "
                     "before it was removed or inserted",
                     chain->lines);
}

bool sample_chain_check(const char *text, size_t size, sample_chain_progress_fn on_progress,
                        void *context, struct sample_chain *out, struct error *err)
{
    const char *begin = text, *end = text + size;

    sample_chain_begin(out);
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (!stop) {
            return error_set(err, ERROR_OUTPUT, "line %d is cut off", out->lines + 1);
        }
        if (!check_line(out, text, (size_t)(stop - text), err)) {
            return false;
        }
        text = stop + 1;
        if (on_progress) {
            on_progress((size_t)(text - begin), context);
        }
    }
    return out->lines > 0 || error_set(err, ERROR_INPUT, "the file is empty");
}
