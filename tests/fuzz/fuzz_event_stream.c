/* fuzz_event_stream.c - arbitrary bytes as a stream of events, split in arbitrary ways: the result
 * must not depend on the splits, and reading must stay within the buffer. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/http/event_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct kept {
    char *bytes;
    size_t size;
    int passed;
};

/* Feeds pieces of at most `most` bytes, with lengths that depend on the previous one; 0: in as few
 * pieces as possible. */
static struct kept keep(const char *text, size_t size, size_t most)
{
    struct event_stream stream = { .progress_suffix = ".partial_image" };
    struct kept out = { .bytes = malloc(size + 1) };
    size_t at = 0, piece = 1;

    while (out.bytes && at < size) {
        char *copy; /* exact size, so that an overread is detected */
        struct event_step step;

        piece = most ? piece * 7 % most + 1 : size;
        piece = piece < size - at ? piece : size - at;
        copy = malloc(piece);
        if (!copy) {
            abort();
        }
        memcpy(copy, text + at, piece);
        step = event_stream_step(&stream, copy, piece);
        free(copy);
        if (step.used == 0 || step.used > piece || step.discard > out.size) {
            abort();
        }
        out.size -= step.discard;
        if (step.keep) {
            memcpy(out.bytes + out.size, text + at, step.used);
            out.size += step.used;
        }
        at += step.used;
    }
    out.passed = stream.progress_events;
    return out;
}

static void read_all(const struct kept *kept)
{
    char *text = malloc(kept->size ? kept->size : 1);
    const char *at = text, *end = text + kept->size;
    struct event event;

    if (!text) {
        abort();
    }
    memcpy(text, kept->bytes, kept->size);
    while (event_next(&at, end, &event)) {
        char *joined = malloc((size_t)(event.end - event.data) + 1);

        if (!joined || event.data < text || event.end > end || at > end ||
            event_join(&event, joined) > (size_t)(event.end - event.data)) {
            abort();
        }
        free(joined);
    }
    if (at != end) {
        abort();
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kept whole, pieces;

    if (size < 1) {
        return 0;
    }
    whole = keep((const char *)data + 1, size - 1, 0);
    pieces = keep((const char *)data + 1, size - 1, data[0] + 1u);
    if (whole.size != pieces.size || whole.passed != pieces.passed ||
        memcmp(whole.bytes, pieces.bytes, whole.size) != 0) {
        abort();
    }
    read_all(&whole);
    free(whole.bytes);
    free(pieces.bytes);
    return 0;
}
