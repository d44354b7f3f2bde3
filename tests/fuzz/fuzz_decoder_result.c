/* fuzz_decoder_result.c - arbitrary bytes as what a decoder's child leaves in shared memory, and as
 * the status with which it ends: a worker takes no pixels beyond its memory and shows no text that
 * is not text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decoder/decoder_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
    if (!good) {
        abort();
    }
}

static void is_text(const struct error *err)
{
    must(err->text[0] != '\0' && memchr(err->text, 0, sizeof err->text) != NULL);
    for (const char *at = err->text; *at; at++) {
        must((unsigned char)*at >= ' ' && *at != 0x7f);
    }
}

static struct decode_plan plan_of(const uint8_t *data)
{
    struct decode_plan plan = { .width = data[0] + 1,
                                .height = data[1] + 1,
                                .reduce = 1,
                                .facts = { .format = data[2] % 2 ? FORMAT_JPEG : FORMAT_PNG,
                                           .alpha = data[2] % 3 == 0 } };

    plan.capacity = (size_t)plan.width * (size_t)plan.height * (plan.facts.alpha ? 4 : 3);
    return plan;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct decoder_result result = { 0 };
    struct decode_plan plan;
    struct image image;
    struct error err = { .kind = ERROR_NONE };
    int status;

    if (size < 8) {
        return 0;
    }
    plan = plan_of(data);
    memcpy(&status, data + 4, sizeof status);
    must(!decoder_child_failed(status, plan.facts.format, &err));
    is_text(&err);
    memcpy(&result, data + 8, size - 8 < sizeof result ? size - 8 : sizeof result);
    if (data[3] % 2) { /* most inputs get past the first checks only so */
        result.magic = DECODER_MAGIC;
        result.error_kind = data[3] % 4 == 1 ? ERROR_NONE : result.error_kind;
        result.width = data[3] % 8 < 4 ? plan.width : result.width;
    }
    if (decoder_result_read(&result, &plan, &image, &err)) {
        must(image.width > 0 && image.height > 0 && (image.channels == 3 || image.channels == 4));
        must((size_t)image.width * (size_t)image.height * (size_t)image.channels <= plan.capacity);
    } else {
        must(err.kind == ERROR_INPUT && image.pixels == NULL && image.width == 0);
    }
    return 0;
}
