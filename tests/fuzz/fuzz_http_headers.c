/* fuzz_http_headers.c - arbitrary bytes as the header lines of a response. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/http/http_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_shown(const char *text)
{
    for (; *text; text++) {
        if (*text < ' ' || *text >= 0x7f) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct op op = { .kind = OP_HTTP };
    struct transfer transfer = { .op = &op };
    char *text = malloc(size + 1);

    if (!text) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    http_duration_ms(text);
    for (size_t at = 0; at < size;) { /* libcurl passes one line at a time */
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at + 1 : size - at;
        char *line = malloc(length); /* without a terminating zero */

        if (!line) {
            break;
        }
        memcpy(line, text + at, length);
        if (http_headers_receive(line, 1, length, &transfer) != length) {
            abort();
        }
        free(line);
        at += length;
    }
    check_shown(op.http_response.content_type);
    check_shown(op.http_response.request_id);
    if (op.http_response.retry_after_ms > 24u * 3600 * 1000 ||
        op.http_response.processing_ms < -1 || op.http_response.reset_requests_ms < -1) {
        abort();
    }
    free(text);
    return 0;
}
