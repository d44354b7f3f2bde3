/* fuzz_decisions.c - arbitrary bytes as a file of decisions; accepted decisions must be valid. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "batch/review/decisions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct decisions got;
    struct error err = { 0 };

    if (!decisions_read(data, size, &got, &err)) {
        if (err.kind != ERROR_INPUT || !err.text[0] || got.list) {
            abort();
        }
        return 0;
    }
    if (!batch_id_valid(got.batch)) {
        abort();
    }
    for (int i = 0; i < got.count; i++) {
        const struct decision *one = &got.list[i], *last = i > 0 ? one - 1 : NULL;

        if (one->item < 1 || one->variant < 1 ||
            (last && (last->item > one->item ||
                      (last->item == one->item && last->variant >= one->variant)))) {
            abort();
        }
    }
    decisions_free(&got);
    return 0;
}
