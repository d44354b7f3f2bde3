/* term_text.c - external text, made harmless for a terminal. */
#include <string.h>

#include "base/text.h"
#include "base/unicode/character.h"
#include "term/term.h"

enum { RESULTS = 8, RESULT_BYTES = 16 * 1024 };

static void add_escape(struct text *out, enum character_class class, uint32_t code)
{
    if (class == CHARACTER_INVALID || code < 0x100) {
        text_printf(out, "\\x%02x", code);
    } else {
        text_printf(out, "\\u%04x", code);
    }
}

static void add_safe(struct text *out, const char *text, bool lines)
{
    while (*text) {
        enum character_class class;
        uint32_t code;
        size_t size = character_read(text, &class, &code);

        if (class == CHARACTER_VISIBLE || (lines && (*text == '\n' || *text == '\t'))) {
            text_add_bytes(out, text, size);
        } else {
            add_escape(out, class, code);
        }
        text += size;
    }
}

const char *term_text(const char *text, bool lines)
{
    static char results[RESULTS][RESULT_BYTES];
    static int next;
    char *result = results[next];
    struct text out;

    next = (next + 1) % RESULTS;
    text_begin(&out, RESULT_BYTES - 1);
    add_safe(&out, text ? text : "", lines);
    memcpy(result, out.data, out.size);
    result[out.size] = '\0';
    text_end(&out);
    return result;
}

void term_json(FILE *stream, const char *json)
{
    for (const char *at = json ? json : "null"; *at;) {
        enum character_class class;
        uint32_t code;
        size_t size = character_read(at, &class, &code);

        if (class == CHARACTER_VISIBLE) {
            fwrite(at, 1, size, stream);
        } else if (class == CHARACTER_INVALID) {
            fputs("\\ufffd", stream);
        } else if (code > 0xffff) {
            fprintf(stream, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
        } else {
            fprintf(stream, "\\u%04x", code);
        }
        at += size;
    }
    fputc('\n', stream);
}
