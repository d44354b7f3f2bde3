/* image_checks.c - which checks, and how hard; the limits are the mildest of assets/rules.json. */
#include "bench/load/image_checks.h"

#include <stdio.h>

const struct look looks[LOOKS] = {
    { { "dimensions", { 1, 100000 } }, true }, { { "blank", { 2 } }, true },
    { { "sharpness", { 1 } }, true },          { { "alpha", { 0 } }, false },
    { { "file_size", { 10e6 } }, false },
};

bool looks_run(const struct check_subject *subject, unsigned *failed, struct error *err)
{
    struct check_wish wishes[LOOKS];
    struct finding findings[LOOKS];
    struct error words = { .kind = ERROR_NONE };
    bool all, good = true;

    *failed = 0;
    for (int i = 0; i < LOOKS; i++) {
        wishes[i] = looks[i].wish;
    }
    all = checks_run(subject, wishes, LOOKS, findings, &words);
    if (!all && words.kind != ERROR_OUTPUT) { /* not a verdict: a check that is none */
        *err = words;
        return false;
    }
    for (int i = 0; i < LOOKS; i++) {
        *failed |= findings[i].passed ? 0 : 1u << i;
        if (!findings[i].passed && looks[i].must && good) {
            good = error_set(err, ERROR_OUTPUT, "%s", findings[i].says);
        }
    }
    return good;
}

const char *looks_text(unsigned failed, char out[LOOKS_TEXT])
{
    size_t size = 0;

    out[0] = '\0';
    for (int i = 0; i < LOOKS; i++) {
        if (failed & 1u << i) {
            size += (size_t)snprintf(out + size, LOOKS_TEXT - size, "%s%s", size ? " " : "",
                                     looks[i].wish.check);
        }
    }
    return out;
}
