/* fuzz_profile.c - arbitrary bytes as a profile; an accepted one must give a timeout within bounds,
 * and can be written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct profile *profile)
{
    static struct profile again;
    const struct size size = { 1024, 1024 };
    struct error err;
    struct text text;

    for (int i = 0; i < profile->count; i++) {
        const struct profile_call *call =
            profile_find(profile, profile->calls[i].model, profile->calls[i].task, size, "low");
        uint32_t wait = profile_timeout_ms(call, 600000);

        if (!call || wait < 60000 || wait > 600000) {
            abort();
        }
    }
    text_begin(&text, 1 << 20);
    profile_print(profile, &text);
    if (!profile_read(text.data, text.size, &again, &err) || again.count != profile->count) {
        abort();
    }
    text_end(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct profile profile;
    struct error err = { .kind = ERROR_NONE };

    if (profile_read((const char *)data, size, &profile, &err)) {
        check(&profile);
    } else if (err.kind != ERROR_INPUT || !err.text[0]) {
        abort();
    }
    return 0;
}
