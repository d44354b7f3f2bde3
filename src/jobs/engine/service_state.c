/* service_state.c - the table of states, and what calls and probes change. */
#include "jobs/engine/service_state.h"

#include <string.h>

enum { RULE_PAUSE_MS = 30 * 1000, SLOW_CALLS = 3, SECOND = 1000, MINUTE = 60 * SECOND };

static const struct service_rule rules[SERVICE_STATUSES] = {
    [SERVICE_HEALTHY] = { .name = "healthy", .what_to_do = "Nothing." },
    [SERVICE_SLOW] = { .name = "slow",
                       .what_to_do = "Nothing is stopped. If it stays slow, raise "
                                     "--request-timeout or lower --concurrency." },
    [SERVICE_RATE_LIMITED] = { .name = "rate limited",
                               .stops = true,
                               .strikes = 4,
                               .first_ms = 10 * SECOND,
                               .longest_ms = 10 * MINUTE,
                               .what_to_do = "Nothing, if it is rare. Else lower --concurrency or "
                                             "ask the provider for a higher limit." },
    [SERVICE_FAILING] = { .name = "failing",
                          .stops = true,
                          .strikes = 3,
                          .first_ms = 5 * SECOND,
                          .longest_ms = 10 * MINUTE,
                          .what_to_do = "Wait: jobs continue by themselves. See the status page of "
                                        "the service." },
    [SERVICE_UNREACHABLE] = { .name = "unreachable",
                              .stops = true,
                              .strikes = 3,
                              .first_ms = 5 * SECOND,
                              .longest_ms = 10 * MINUTE,
                              .what_to_do = "Check the network, DNS and proxy of this machine; "
                                            "`darkroom doctor` tests the address." },
    [SERVICE_KEY_REJECTED] = { .name = "key rejected",
                               .stops = true,
                               .needs_operator = true,
                               .strikes = 1,
                               .first_ms = 30 * SECOND,
                               .longest_ms = 15 * MINUTE,
                               .what_to_do = "Set a valid key and restart the workers, or enable "
                                             "the key again." },
    [SERVICE_OUT_OF_CREDIT] = { .name = "out of credit",
                                .stops = true,
                                .needs_operator = true,
                                .strikes = 1,
                                .first_ms = 60 * SECOND,
                                .longest_ms = 30 * MINUTE,
                                .what_to_do = "Top up the account, or raise its limit." },
    [SERVICE_MISCONFIGURED] = { .name = "misconfigured",
                                .stops = true,
                                .needs_operator = true,
                                .strikes = 1,
                                .first_ms = 30 * SECOND,
                                .longest_ms = 15 * MINUTE,
                                .what_to_do = "Correct what the reason names; `darkroom doctor` "
                                              "verifies it." },
    /* A trial buys an answer that is likely to be unreadable too: long backoffs. */
    [SERVICE_UNREADABLE] = { .name = "unreadable",
                             .stops = true,
                             .needs_operator = true,
                             .strikes = 1,
                             .first_ms = 10 * MINUTE,
                             .longest_ms = 6 * 60 * MINUTE,
                             .what_to_do = "Check the base URL and the preset of the provider, or "
                                           "update darkroom, and restart the workers." },
    [SERVICE_RETIRED] = { .name = "retired",
                          .stops = true,
                          .needs_operator = true,
                          .strikes = 1,
                          .first_ms = 60 * SECOND,
                          .longest_ms = 6 * 60 * MINUTE,
                          .what_to_do =
                              "Choose another model (`darkroom models`), or start workers "
                              "with --replace-retired." },
};

const struct service_rule *service_rule(enum service_status status)
{
    return &rules[(unsigned)status < SERVICE_STATUSES ? status : SERVICE_HEALTHY];
}

enum service_status service_status_find(const char *name)
{
    int i = 0;

    while (i < SERVICE_STATUSES && strcmp(rules[i].name, name) != 0) {
        i++;
    }
    return (enum service_status)i;
}

enum service_status service_status_of(const struct error *error)
{
    switch (error->kind) {
    case ERROR_BUSY:
        return SERVICE_RATE_LIMITED;
    case ERROR_REMOTE:
        return SERVICE_FAILING;
    case ERROR_NETWORK:
        return SERVICE_UNREACHABLE;
    case ERROR_KEY:
        return SERVICE_KEY_REJECTED;
    case ERROR_QUOTA:
        return SERVICE_OUT_OF_CREDIT;
    case ERROR_CONFIG:
        return error->cause == ERROR_CAUSE_MODEL_GONE ? SERVICE_RETIRED : SERVICE_MISCONFIGURED;
    case ERROR_FORMAT:
        return SERVICE_UNREADABLE;
    default:
        return SERVICE_HEALTHY;
    }
}

bool service_stopped(const struct service_state *state)
{
    return service_rule(state->status)->stops;
}

uint32_t service_backoff_ms(enum service_status status, int failures, uint32_t retry_ms,
                            const struct service_timing *timing)
{
    const struct service_rule *rule = service_rule(status);
    uint64_t whole = rule->first_ms, requested = retry_ms;

    for (int i = 0; i < failures && whole < rule->longest_ms; i++) {
        whole *= 2;
    }
    whole = whole < rule->longest_ms ? whole : rule->longest_ms;
    whole = whole * timing->pause_ms / RULE_PAUSE_MS;
    whole = whole / 2 + whole / 2 * (timing->random & 0xffff) / 0xffff;
    if (requested > SERVICE_LONGEST_RETRY_MS) {
        requested = SERVICE_LONGEST_RETRY_MS;
    }
    return (uint32_t)(whole > requested ? whole : requested);
}

static void set_backoff(struct service_state *state, int64_t now_ms,
                        const struct service_timing *timing)
{
    uint32_t retry_ms =
        state->reason.retry_ms > SERVICE_SHORT_RETRY_MS ? state->reason.retry_ms : 0;

    state->last_backoff_ms = service_backoff_ms(state->status, state->failures, retry_ms, timing);
    state->next_probe_ms = now_ms + state->last_backoff_ms;
}

/* Returns true if the failure is one too many for a service that may be used. */
static bool strike(struct service_state *state, const struct error *why, int64_t began_ms,
                   int64_t now_ms)
{
    enum service_status status = service_status_of(why);

    if (why->kind == ERROR_BUSY) {
        if (why->retry_ms > SERVICE_SHORT_RETRY_MS) {
            return true;
        }
        if (began_ms < state->strike_ms) {
            return false; /* sent before the last rejection, so it says nothing about a lower rate
                           */
        }
        state->strike_ms = now_ms;
    }
    /* A model whose answers could be read is not stopped by one that cannot: it may be the job. */
    return ++state->strikes >= (status == SERVICE_UNREADABLE && state->worked
                                    ? service_rule(SERVICE_FAILING)->strikes
                                    : service_rule(status)->strikes);
}

bool service_state_fail(struct service_state *state, const struct error *why, int64_t began_ms,
                        int64_t now_ms, const struct service_timing *timing)
{
    enum service_status status = service_status_of(why);

    if (status == SERVICE_HEALTHY) {
        return false;
    }
    if (service_stopped(state)) {
        if (began_ms < state->since_ms) {
            return false;
        }
        state->failures++;
    } else {
        if (!strike(state, why, began_ms, now_ms)) {
            return false;
        }
        state->failures = 0;
        state->since_ms = now_ms;
    }
    state->status = status;
    state->reason = *why;
    state->strikes = state->slow_calls = 0;
    set_backoff(state, now_ms, timing);
    return true;
}

static void recover(struct service_state *state, int64_t now_ms)
{
    *state =
        (struct service_state){ .status = SERVICE_HEALTHY, .since_ms = now_ms, .worked = true };
}

bool service_state_succeed(struct service_state *state, int64_t began_ms, int64_t now_ms,
                           uint32_t limit_ms)
{
    bool is_slow = limit_ms > 0 && now_ms - began_ms > (int64_t)limit_ms * 3 / 4;

    if (service_stopped(state)) {
        if (began_ms < state->since_ms) {
            return false;
        }
        recover(state, now_ms);
        return true;
    }
    state->strikes = 0;
    state->worked = true;
    state->slow_calls = is_slow ? state->slow_calls + 1 : 0;
    if (state->status == SERVICE_SLOW && !is_slow) {
        recover(state, now_ms);
        return true;
    }
    if (state->status == SERVICE_HEALTHY && state->slow_calls >= SLOW_CALLS) {
        state->status = SERVICE_SLOW;
        state->since_ms = now_ms;
        error_set(&state->reason, ERROR_NETWORK,
                  "%d calls in a row took more than three quarters of their time limit of %u s",
                  SLOW_CALLS, limit_ms / 1000);
        return true;
    }
    return false;
}
