/* bench_setup.c - reads targets, load, prompts and photo from the settings. */
#include "bench/command/bench_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/data_files.h"
#include "app/provider_endpoint.h"
#include "base/clock.h"
#include "base/embed.h"
#include "bench/command/bench_replay.h"
#include "bench/command/bench_state.h"
#include "bench/load/replay.h"
#include "bench/packs/packs.h"
#include "io/file.h"

enum {
    PROMPT_FILE_BYTES = 16 << 20,
    TARGET_FILE_BYTES = 1 << 16,
    PHOTO_BYTES = 50 << 20,
    COMMAND_BYTES = 1 << 16
};
enum { DEFAULT_REQUESTS = 20, THUMBNAILS = 12 };

/* A plan needs no key. */
static bool fill_endpoint(const struct settings *settings, struct target *target, struct error *err)
{
    provider_endpoint(settings, target->provider, &target->at);
    if (target->base_url[0]) {
        target->at.base_url = target->base_url;
    }
    return setting_flag(settings, "dry-run") || provider_check(target->provider, &target->at, err);
}

static bool add_target(const struct settings *settings, struct bench_setup *setup, const char *line,
                       struct error *err)
{
    struct load_plan *plan = &setup->plan;
    struct target *target = &setup->targets[plan->target_count];

    if (plan->target_count == TARGETS_MAX) {
        return error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
    }
    plan->target_count++;
    return target_read(line, setup->catalog, clock_wall_ms(), target, err) &&
           fill_endpoint(settings, target, err);
}

/* One target per line; lines that begin with # are comments. */
static bool add_targets(const struct settings *settings, struct bench_setup *setup,
                        const char *text, struct error *err)
{
    char *list = arena_text(setup->arena, text), *saved = NULL;

    for (char *line = strtok_r(list, "\r\n", &saved); line; line = strtok_r(NULL, "\r\n", &saved)) {
        if (line[0] != '#' && !add_target(settings, setup, line, err)) {
            return false;
        }
    }
    return true;
}

static bool fill_targets(const struct settings *settings, struct bench_setup *setup,
                         struct error *err)
{
    const char *named = setting_text(settings, "target");
    const char *path = setting_text(settings, "targets");
    struct blob file = { 0 };
    bool good;

    setup->plan.targets = setup->targets;
    if (named && !add_targets(settings, setup, named, err)) {
        return false;
    }
    if (!path) {
        return true;
    }
    good = file_read(path, TARGET_FILE_BYTES, &file, NULL, err) &&
           add_targets(settings, setup, arena_bytes(setup->arena, file.data, file.size), err);
    blob_free(&file);
    return good;
}

/* --workload: its products, and what its images cost with each target. */
static bool fill_packs(const struct settings *settings, struct bench_setup *setup,
                       struct error *err)
{
    const char *name = setting_text(settings, "workload");

    if (setting_int(settings, "replay") > 0 || setting_text(settings, "prompt-file") ||
        setting_text(settings, "photo")) {
        return error_set(err, ERROR_INPUT,
                         "--workload has its own prompts and photos: remove --replay, "
                         "--prompt-file and --photo");
    }
    if (!packs_exist(name, err) ||
        !rules_load((const char *)embed_find("assets/rules.json")->data, &setup->rules, err) ||
        !packs_load(name, setup->rules, setup->prompts, setup->arena, &setup->workload,
                    &setup->packs, err)) {
        return false;
    }
    for (int i = 0; i < setup->plan.target_count; i++) {
        if (!packs_target(setup->packs, &setup->targets[i], err)) {
            return false;
        }
    }
    return true;
}

static bool fill_prompts(const struct settings *settings, struct bench_setup *setup,
                         struct error *err)
{
    const char *path = setting_text(settings, "prompt-file");
    struct blob file = { 0 };
    bool good;

    setup->plan.workload = &setup->workload;
    if (setting_text(settings, "workload")) {
        return fill_packs(settings, setup, err);
    }
    if (setting_int(settings, "replay") > 0) {
        if (!bench_replay(settings, setup, err)) {
            return false;
        }
        setup->plan.replay = setup->replay;
        return true;
    }
    if (!path) {
        return workload_prompts((const char *)embed_find("assets/bench/prompts.txt")->data,
                                setup->arena, &setup->workload, err);
    }
    good = file_read(path, PROMPT_FILE_BYTES, &file, NULL, err) &&
           workload_prompts(arena_bytes(setup->arena, file.data, file.size), setup->arena,
                            &setup->workload, err);
    blob_free(&file);
    return good;
}

/* Draws the sample photo only if a target edits images, since drawing takes longer than many a
 * request. */
static bool fill_photo(const struct settings *settings, struct bench_setup *setup,
                       struct error *err)
{
    const char *path = setting_text(settings, "photo");
    struct blob file = { 0 };
    bool wanted = path, good;

    for (int i = 0; i < setup->plan.target_count; i++) {
        wanted = wanted || (setup->targets[i].task == TASK_EDIT && !setup->packs);
    }
    if (!path && setting_flag(settings, "dry-run")) {
        return true;
    }
    if (!path && setup->replay && !bench_replay_photos(settings, setup, &wanted, err)) {
        return false;
    }
    if (!wanted) {
        return true;
    }
    good = (!path || file_read(path, PHOTO_BYTES, &file, NULL, err)) &&
           workload_photo(path ? &file : NULL, &setup->workload, err);
    blob_free(&file);
    return good;
}

/* Checks --find-load and --until-decided, which end a run by its results. */
static bool check_mode(const struct settings *settings, struct load_plan *plan, struct error *err)
{
    bool find = setting_flag(settings, "find-load"),
         decide = setting_flag(settings, "until-decided");
    int64_t bound_us;

    if (decide && (find || setting_text(settings, "sweep"))) {
        return error_set(err, ERROR_INPUT,
                         "--until-decided cannot be combined with --sweep or --find-load");
    }
    if (setting_text(settings, "p95-below") && !find) {
        return error_set(err, ERROR_INPUT, "--p95-below needs --find-load");
    }
    return (!find || bench_find_load_read(settings, plan, &bound_us, err)) &&
           (!decide || until_decided_plan(plan, err));
}

static bool fill_plan(const struct settings *settings, struct bench_setup *setup, struct error *err)
{
    const char *cost = setting_text(settings, "max-cost");
    struct load_plan *plan = &setup->plan;

    plan->rate = setting_number(settings, "rate");
    if (plan->rate > 0 && strcmp(setting_source(settings, "concurrency"), "flag") == 0) {
        error_set(err, ERROR_INPUT, "--rate and --concurrency exclude each other");
        return error_hint(err, "--in-flight limits the requests in flight of an open loop.");
    }
    plan->concurrency = plan->rate > 0 ? 0 : (int)setting_int(settings, "concurrency");
    plan->arrivals =
        strcmp(setting_text(settings, "arrivals"), "even") == 0 ? ARRIVALS_EVEN : ARRIVALS_POISSON;
    plan->in_flight_max = (int)setting_int(settings, "in-flight");
    plan->requests = (int)setting_int(settings, "requests");
    plan->duration_us = (int64_t)(setting_number(settings, "duration") * 1e6);
    plan->warm_up = (int)setting_int(settings, "warm-up");
    plan->cost_limit = cost ? (int64_t)(setting_number(settings, "max-cost") * 1e6) : -1;
    plan->timeout_ms = (uint32_t)setting_int(settings, "request-timeout") * 1000;
    plan->seed = (uint64_t)setting_int(settings, "seed");
    plan->thumbnails = setting_text(settings, "out") ? THUMBNAILS : 0;
    plan->prompts = setup->prompts;
    if (plan->requests == 0 && plan->duration_us == 0) {
        plan->requests = DEFAULT_REQUESTS;
    }
    return fill_targets(settings, setup, err) && check_mode(settings, plan, err) &&
           fill_prompts(settings, setup, err) && load_plan_check(plan, err) &&
           bench_gate_new(settings, plan, &setup->gate, err) && fill_photo(settings, setup, err);
}

/* Every run uses its own folder in the store, which is empty again at its end. */
static bool fill_upload_target(const struct settings *settings, struct bench_setup *setup,
                               struct error *err)
{
    const struct job_context *job_context = &setup->worker_setup.job_context;

    if (!setting_flag(settings, "store-images")) {
        return true;
    }
    if (!worker_setup_store(settings, &setup->worker_setup, err)) {
        return false;
    }
    setup->upload_target =
        (struct upload_target){ .store = job_context->store,
                                .store_target = job_context->store_target,
                                .bucket = job_context->bucket,
                                .prefix = arena_printf(setup->arena, "bench/%lld-%d/image",
                                                       (long long)clock_wall_ms(), (int)getpid()) };
    setup->plan.upload_target = &setup->upload_target;
    return true;
}

bool bench_setup(const struct settings *settings, struct bench_setup *out, struct error *err)
{
    *out = (struct bench_setup){ .arena = arena_new() };
    text_begin(&out->command, COMMAND_BYTES);
    if (!catalog_from_settings(settings, &out->catalog, err) ||
        !prompts_load(setting_text(settings, "prompts"), &out->prompts, err) ||
        !fill_plan(settings, out, err) || !fill_upload_target(settings, out, err)) {
        return false;
    }
    bench_command(settings, &out->command);
    return true;
}

void bench_setup_free(struct bench_setup *setup)
{
    bench_gate_free(setup->gate);
    worker_setup_free(&setup->worker_setup);
    text_end(&setup->command);
    replay_free(setup->replay);
    packs_free(setup->packs);
    rules_free(setup->rules);
    workload_free(&setup->workload);
    prompts_free(setup->prompts);
    catalog_free(setup->catalog);
    arena_free(setup->arena);
}
