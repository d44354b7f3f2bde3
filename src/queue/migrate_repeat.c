/* migrate_repeat.c - repeats a transaction that other sessions block, and names them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "queue/migrate_internal.h"

enum { DEFAULT_WAIT_MS = 60 * 1000, FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 4000 };

void migrate_tell(const struct migrate_options *options, const char *format, ...)
{
    char line[700];
    va_list arguments;

    if (!options || !options->progress) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    options->progress(line, options->context);
}

/* Whether the transaction may succeed when it is repeated: a lock was not granted in time, there
 * was a deadlock, or another transaction changed the same catalog row. */
static bool is_blocked(const char *state)
{
    return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 ||
           strcmp(state, "40001") == 0;
}

static void read_blockers(struct sql_session *session, char *out, size_t size)
{
    struct blob value;
    struct error ignored;

    snprintf(out, size, "a session that has ended its transaction meanwhile");
    if (sql_query(session, "migrate_blockers", 0, NULL, &value, &ignored)) {
        if (value.size > 0) {
            snprintf(out, size, "%s", (const char *)value.data);
        }
        blob_free(&value);
    }
}

static void pause_ms(uint32_t ms)
{
    struct timespec rest = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

    while (nanosleep(&rest, &rest) != 0) {
    }
}

bool migrate_repeat(struct sql_session *session, const struct migrate_options *options,
                    bool (*attempt)(void *context, struct error *err), void *context,
                    struct error *err)
{
    uint32_t wait_ms = options && options->wait_ms ? options->wait_ms : DEFAULT_WAIT_MS;
    uint32_t rest_ms = FIRST_PAUSE_MS;
    int64_t began_us = clock_mono_us();

    for (;;) {
        char state[6], blockers[600];
        struct error ignored;
        int64_t waited_ms;

        if (attempt(context, err)) {
            *err = (struct error){ .kind = ERROR_NONE }; /* of earlier attempts */
            return true;
        }
        snprintf(state, sizeof state, "%s", sql_last_state(session));
        if (!sql_script(session, "rollback", &ignored) || !is_blocked(state)) {
            return false;
        }
        read_blockers(session, blockers, sizeof blockers);
        waited_ms = (clock_mono_us() - began_us) / 1000;
        if (waited_ms >= wait_ms) {
            error_set(err, ERROR_BUSY, "the tables stayed locked for %lld s by %.230s",
                      (long long)waited_ms / 1000, blockers);
            return error_hint(err, "Nothing was changed. End that transaction, then run it again.");
        }
        migrate_tell(options, "locked by %s; trying again for %lld s", blockers,
                     (long long)(wait_ms - waited_ms) / 1000);
        pause_ms(rest_ms < wait_ms - waited_ms ? rest_ms : (uint32_t)(wait_ms - waited_ms));
        rest_ms = rest_ms * 2 > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : rest_ms * 2;
    }
}
