/* export_text.c - sentences and blocks. Lengths are in characters, not bytes. */
#include "export/export_text.h"

#include <string.h>

#include "base/text.h"

enum { SENTENCES_MAX = 200 };

struct text_sentence {
    const char *text;
    size_t size; /* bytes, without the space after it */
    int characters;
};

struct text_sentences {
    struct text_sentence list[SENTENCES_MAX];
    int count;
};

static int characters_of(const char *text, size_t size)
{
    int count = 0;

    for (size_t i = 0; i < size; i++) {
        count += ((unsigned char)text[i] & 0xc0) != 0x80; /* not a continuation byte */
    }
    return count;
}

/* Returns the bytes of the mark that ends a sentence at this place, or 0. */
static size_t end_mark(const char *at)
{
    static const char *const wide[] = { "\xe3\x80\x82", "\xef\xbc\x81", "\xef\xbc\x9f" };

    if (strchr(".!?", *at)) {
        unsigned char next = (unsigned char)at[1], after = next ? (unsigned char)at[2] : 0;

        /* not after an abbreviation, which a number or a small letter follows: "approx. 30 cm" */
        return next == '\0' || (next == ' ' && (after >= 0x80 || (after >= 'A' && after <= 'Z')))
                   ? 1
                   : 0;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (strncmp(at, wide[i], 3) == 0) {
            return 3;
        }
    }
    return 0;
}

static void add_sentence(struct text_sentences *out, const char *text, size_t size)
{
    if (out->count == SENTENCES_MAX) { /* the rest is one sentence */
        struct text_sentence *last = &out->list[SENTENCES_MAX - 1];

        last->size = (size_t)(text + size - last->text);
        last->characters = characters_of(last->text, last->size);
        return;
    }
    out->list[out->count++] = (struct text_sentence){ text, size, characters_of(text, size) };
}

static void split(const char *text, struct text_sentences *out)
{
    const char *from = text;

    out->count = 0;
    for (const char *at = text; *at;) {
        size_t mark = end_mark(at);

        at += mark ? mark : 1;
        if (mark || *at == '\0') {
            add_sentence(out, from, (size_t)(at - from));
            at += strspn(at, " ");
            from = at;
        }
    }
}

/* Appends a sentence to a block. Returns false if it does not fit. */
static bool append(const struct text_sentence *sentence, int max, struct arena *arena,
                   const char **block)
{
    int length = characters_of(*block, strlen(*block));

    if (length + (length > 0) + sentence->characters > max) {
        return false;
    }
    *block = arena_printf(arena, "%s%s%.*s", *block, length > 0 ? " " : "", (int)sentence->size,
                          sentence->text);
    return true;
}

/* A first sentence that is too long for a block is cut at a word. */
static void append_cut(const struct text_sentence *sentence, int max, struct arena *arena,
                       const char **block)
{
    *block = text_cut(arena_bytes(arena, sentence->text, sentence->size), max, arena);
}

static void begin(int blocks, struct text_blocks *out)
{
    *out = (struct text_blocks){ .count = blocks < TEXT_BLOCKS ? blocks : TEXT_BLOCKS };
    for (int i = 0; i < TEXT_BLOCKS; i++) {
        out->text[i] = "";
    }
}

void text_blocks_fill(const char *text, int blocks, int max, struct arena *arena,
                      struct text_blocks *out)
{
    struct text_sentences sentences;
    int block = 0;

    begin(blocks, out);
    split(text, &sentences);
    for (int i = 0; i < sentences.count; i++) {
        const struct text_sentence *sentence = &sentences.list[i];

        if (append(sentence, max, arena, &out->text[block])) {
            continue;
        }
        if (out->text[block][0] != '\0' && block + 1 < out->count) {
            block++;
            if (append(sentence, max, arena, &out->text[block])) {
                continue;
            }
        }
        if (out->text[block][0] == '\0') {
            append_cut(sentence, max, arena, &out->text[block]);
        }
        out->shortened = true;
        return;
    }
}

void text_blocks_spread(const char *text, int blocks, int max, struct arena *arena,
                        struct text_blocks *out)
{
    struct text_sentences sentences;

    begin(blocks, out);
    split(text, &sentences);
    for (int i = 0; i < sentences.count; i++) {
        const struct text_sentence *sentence = &sentences.list[i];
        int block = sentences.count <= out->count ? i : i * out->count / sentences.count;

        if (!append(sentence, max, arena, &out->text[block])) {
            if (out->text[block][0] == '\0') {
                append_cut(sentence, max, arena, &out->text[block]);
            }
            out->shortened = true;
        }
    }
}

const char *text_cut(const char *text, int max, struct arena *arena)
{
    size_t size = strlen(text), end = 0, space = 0;
    int characters = 0;

    if (characters_of(text, size) <= max) {
        return arena_text(arena, text);
    }
    while (end < size) {
        characters += ((unsigned char)text[end] & 0xc0) != 0x80;
        if (characters > max) {
            break;
        }
        space = text[end] == ' ' ? end : space;
        end++;
    }
    end = space > end / 2 ? space : end;
    while (end > 0 && strchr(" ,;:-", text[end - 1])) {
        end--;
    }
    return arena_bytes(arena, text, end);
}
