/* bench_preflight.c - free requests to each provider before a run. */
#include "bench/command/bench_preflight.h"

#include <stdlib.h>
#include <string.h>

#include "app/latency_profile.h"
#include "app/network.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/http/http.h"
#include "io/perform.h"

/* Checks one model. */
static bool preflight_one(struct loop *loop, struct http *http, const struct target *target,
                          struct model_rate_limit *out, struct error *err)
{
    struct arena *arena = arena_new();
    struct model_status status;
    struct op op = { .kind = OP_NONE };
    struct performer *performer = perform_new(loop, http, NULL);
    bool good;

    target->provider->preflight(&target->at, target->model, arena, &op);
    perform_wait(performer, loop, &op);
    perform_free(performer);
    good = target->provider->read_preflight(&target->at, target->model, &op, clock_wall_ms(),
                                            &status, err);
    if (good && !status.known) {
        log_printf(LOG_INFO, "the provider reports no status for model '%s' (HTTP %d)",
                   target->model->id, op.http_response.status);
    }
    *out = (struct model_rate_limit){ good ? status.requests_a_minute : -1, "the provider" };
    op_clear(&op);
    arena_free(arena);
    return good;
}

/* Returns the index of an earlier target with the same model and base URL, or -1. */
static int same_before(const struct load_plan *plan, int index)
{
    const struct target *target = &plan->targets[index];

    for (int i = 0; i < index; i++) {
        if (plan->targets[i].model == target->model &&
            strcmp(plan->targets[i].base_url, target->base_url) == 0) {
            return i;
        }
    }
    return -1;
}

static bool preflight_all(const struct settings *settings, const struct load_plan *plan,
                          struct loop *loop, struct model_rate_limit *limits, struct error *err)
{
    struct http_config config = { 0 };
    struct http *http =
        network_config(settings, &config, err) ? http_new(loop, &config, err) : NULL;
    bool good = http != NULL;

    for (int i = 0; good && i < plan->target_count; i++) {
        int same = same_before(plan, i);

        if (same >= 0) {
            limits[i] = limits[same];
        } else if (plan->targets[i].provider->preflight) {
            good = preflight_one(loop, http, &plan->targets[i], &limits[i], err);
        }
    }
    if (http) {
        http_free(http);
    }
    return good;
}

static bool rates_fit(const struct load_plan *plan, const struct sweep_plan *sweep_plan,
                      const struct model_rate_limit *limits, struct error *err)
{
    bool good = plan->rate <= 0 || load_plan_rate_fits(plan, plan->rate, limits, err);

    for (int i = 0; good && sweep_plan->by_rate && i < sweep_plan->count; i++) {
        good = load_plan_rate_fits(plan, sweep_plan->levels[i], limits, err);
    }
    return good;
}

/* Takes the limit that the provider reports, else the one in the profile of earlier runs. */
static bool find_rate_limits(const struct settings *settings, struct bench_setup *setup,
                             struct model_rate_limit *limits, struct error *err)
{
    struct profile *profile = NULL;

    if (setting_text(settings, "profile") &&
        !latency_profile_load(settings, NULL, 0, &profile, err)) {
        return false;
    }
    for (int i = 0; i < setup->plan.target_count; i++) {
        struct target *target = &setup->targets[i];
        int64_t recorded = profile_rate_limit(profile, target->provider->name, target->model->id);

        if (limits[i].requests_per_minute > 0) {
            target->requests_per_minute = limits[i].requests_per_minute;
        } else if (recorded > 0) {
            limits[i] = (struct model_rate_limit){ recorded, "the profile" };
        }
    }
    free(profile);
    return true;
}

bool bench_preflight(const struct settings *settings, struct bench_setup *setup,
                     const struct sweep_plan *sweep_plan, struct error *err)
{
    struct model_rate_limit limits[TARGETS_MAX];
    int64_t given = setting_int(settings, "requests-a-minute");
    struct loop *loop = loop_new(1, err);
    bool good = loop != NULL;

    for (int i = 0; i < TARGETS_MAX; i++) {
        limits[i] = (struct model_rate_limit){ -1, "" };
    }
    good = good && preflight_all(settings, &setup->plan, loop, limits, err) &&
           find_rate_limits(settings, setup, limits, err);
    if (loop) {
        loop_free(loop);
    }
    for (int i = 0; given > 0 && i < TARGETS_MAX; i++) {
        limits[i] = (struct model_rate_limit){ given, "--requests-a-minute" };
    }
    return good && (setting_flag(settings, "over-limit") ||
                    rates_fit(&setup->plan, sweep_plan, limits, err));
}
