/* cmd_bench.c - darkroom bench: how long, how sure, how dear. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "cli/bench.h"
#include "cli/command.h"
#include "cli/data.h"
#include "cli/equip.h"
#include "cli/table.h"
#include "cli/term.h"
#include "io/file.h"
#include "io/http.h"
#include "model/prompt.h"

enum { PROMPT_FILE_BYTES = 16 << 20, PHOTO_BYTES = 50 << 20 };
enum { USUAL_IN_FLIGHT = 4, USUAL_REQUESTS = 20, THUMBNAILS = 12 };

struct bench {
    const struct settings *settings;
    struct catalog *catalog;
    struct prompts *prompts;
    struct arena *arena;
    struct workload workload;
    struct target targets[TARGETS_MAX];
    struct plan plan;
    struct runner *runner;
    struct term *term; /* NULL: nobody watches */
    int64_t began_us, told_us;
    char state[120];
    char command[1000];
    int interrupted;
};

/* -- the plan ---------------------------------------------------------------------------------- */

static bool fill_endpoint(const struct bench *bench, struct target *target, struct error *err)
{
    const struct settings *settings = bench->settings;

    if (!target->provider->key_setting) {
        return true;
    }
    target->at = (struct endpoint){ .base_url = target->base_url[0]
                                                    ? target->base_url
                                                    : setting_text(settings, "openai-base-url"),
                                    .key = setting_secret(settings, "openai-key"),
                                    .organization = setting_text(settings, "openai-org"),
                                    .project = setting_text(settings, "openai-project") };
    if (!secret_is_set(target->at.key)) {
        error_set(err, ERROR_CONFIG, "provider '%s' has no key", target->provider->name);
        return error_hint(err, "Set %s.", target->provider->key_setting);
    }
    return true;
}

static bool fill_targets(struct bench *bench, struct error *err)
{
    const char *text = setting_text(bench->settings, "target");
    struct plan *plan = &bench->plan;
    char *list = arena_text(bench->arena, text ? text : ""), *saved = NULL;

    for (char *line = strtok_r(list, "\n", &saved); line; line = strtok_r(NULL, "\n", &saved)) {
        struct target *target = &bench->targets[plan->target_count];

        if (plan->target_count == TARGETS_MAX) {
            return error_set(err, ERROR_INPUT, "more than %d targets", TARGETS_MAX);
        }
        if (!target_read(line, bench->catalog, clock_wall_ms(), target, err) ||
            !fill_endpoint(bench, target, err)) {
            return false;
        }
        plan->target_count++;
    }
    plan->targets = bench->targets;
    return true;
}

static bool fill_workload(struct bench *bench, struct error *err)
{
    const char *prompts = setting_text(bench->settings, "prompt-file");
    const char *photo = setting_text(bench->settings, "photo");
    struct blob file = { 0 };
    bool good;

    if (prompts) {
        good = file_read(prompts, PROMPT_FILE_BYTES, &file, NULL, err) &&
               workload_prompts(arena_bytes(bench->arena, file.data, file.size), bench->arena,
                                &bench->workload, err);
        blob_free(&file);
    } else {
        good = workload_prompts((const char *)embed_find("assets/bench/prompts.txt")->data,
                                bench->arena, &bench->workload, err);
    }
    if (good && photo) {
        good = file_read(photo, PHOTO_BYTES, &file, NULL, err) &&
               workload_photo(&file, &bench->workload, err);
        blob_free(&file);
    } else if (good) {
        good = workload_photo(NULL, &bench->workload, err);
    }
    bench->plan.workload = &bench->workload;
    return good;
}

static bool fill_plan(struct bench *bench, struct error *err)
{
    const struct settings *settings = bench->settings;
    const char *cost = setting_text(settings, "max-cost");
    struct plan *plan = &bench->plan;
    bool told = strcmp(setting_source(settings, "concurrency"), "default") != 0;

    plan->rate = setting_number(settings, "rate");
    if (plan->rate > 0 && told && strcmp(setting_source(settings, "concurrency"), "flag") == 0) {
        error_set(err, ERROR_INPUT, "--rate and --concurrency are two ways to load: choose one");
        return error_hint(err, "--in-flight bounds what an open loop holds at once.");
    }
    plan->concurrency = plan->rate > 0 ? 0
                        : told         ? (int)setting_int(settings, "concurrency")
                                       : USUAL_IN_FLIGHT;
    plan->arrivals =
        strcmp(setting_text(settings, "arrivals"), "even") == 0 ? ARRIVALS_EVEN : ARRIVALS_POISSON;
    plan->in_flight_most = (int)setting_int(settings, "in-flight");
    plan->requests = (int)setting_int(settings, "requests");
    plan->duration_us = (int64_t)(setting_number(settings, "duration") * 1e6);
    plan->warm_up = (int)setting_int(settings, "warm-up");
    plan->cost_most = cost ? (int64_t)(setting_number(settings, "max-cost") * 1e6) : -1;
    plan->timeout_ms = (uint32_t)setting_int(settings, "request-timeout") * 1000;
    plan->seed = (uint64_t)setting_int(settings, "seed");
    plan->thumbnails = setting_text(settings, "out") ? THUMBNAILS : 0;
    plan->prompts = bench->prompts;
    if (plan->requests == 0 && plan->duration_us == 0) {
        plan->requests = USUAL_REQUESTS;
    }
    return fill_targets(bench, err) && plan_check(plan, err) && fill_workload(bench, err);
}

/* Nobody pays by surprise: a bound, a yes, or an answer at the terminal. */
static bool may_pay(const struct bench *bench, struct error *err)
{
    const struct plan *plan = &bench->plan;
    char answer[16] = "";

    if (plan->cost_most >= 0 || plan_worst_cost(plan) == 0 ||
        setting_flag(bench->settings, "yes")) {
        return true;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        error_set(err, ERROR_INPUT, "this may cost money, and nobody is here to say yes");
        return error_hint(err, "Give --max-cost USD or --yes; --dry-run tells the price.");
    }
    bench_tell_plan(stderr, plan);
    fprintf(stderr, "Go on? [y/N] ");
    return (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y')) ||
           error_set(err, ERROR_INPUT, "not started: nothing was sent");
}

/* -- the run ----------------------------------------------------------------------------------- */

static void on_signal(int number, void *context)
{
    struct bench *bench = context;

    (void)number;
    if (bench->interrupted++ == 0) {
        runner_stop(bench->runner, "interrupted");
    } else {
        runner_cancel(bench->runner);
    }
}

static void show(struct bench *bench, const struct standing *standing, bool last)
{
    struct term_row row = { .name = "bench", .state = bench->state, .began_us = bench->began_us };

    snprintf(bench->state, sizeof bench->state, "%d of %d usable, %d in flight, %.4f USD",
             standing->good, standing->done, standing->in_flight, (double)standing->spent / 1e6);
    if (last) {
        row.ended_us = clock_mono_us();
        term_end(bench->term, &row, 1);
        bench->term = NULL;
    } else {
        term_rows(bench->term, &row, 1);
    }
}

static void watch(const struct standing *standing, void *context)
{
    struct bench *bench = context;
    int64_t now = clock_mono_us(), every = term_is_live(stderr) ? 100000 : 10000000;

    if (bench->term && now - bench->told_us >= every) {
        bench->told_us = now;
        show(bench, standing, false);
    }
}

static int tell(struct bench *bench, int64_t began_wall_ms, struct error *err)
{
    const struct settings *settings = bench->settings;
    const char *out = setting_text(settings, "out");
    const char *baseline = setting_text(settings, "baseline");
    struct tally tallies[TARGETS_MAX];
    struct samples *samples = runner_samples(bench->runner);
    struct report report = { .plan = &bench->plan,
                             .standing = runner_standing(bench->runner),
                             .samples = samples,
                             .tallies = tallies,
                             .began_wall_ms = began_wall_ms,
                             .command = bench->command };
    int status = report.standing->stopped_why ? 1 : 0;
    cJSON *json;

    samples_find_twins(samples);
    tallies_make(&bench->plan, report.standing, samples, tallies);
    if (setting_flag(settings, "json")) {
        for (size_t i = 0; i < samples->count; i++) {
            json = report_sample(&report, &samples->rows[i]);
            table_json(stdout, json);
            cJSON_Delete(json);
        }
        json = report_summary(&report);
        table_json(stdout, json);
        cJSON_Delete(json);
    } else {
        bench_tell(stdout, &report);
    }
    if (out && report_write(&report, out, err) && !setting_flag(settings, "json")) {
        printf("every sample, and a page to look at: %s/report.html\n", out);
    }
    if (baseline && err->kind == ERROR_NONE) {
        int gate = bench_gate(&report, baseline, setting_text(settings, "fail-if"), err);

        status = gate ? gate : status;
    }
    tallies_free(tallies, bench->plan.target_count);
    return status;
}

static int go(struct bench *bench, struct error *err)
{
    struct http_config config = { .user_agent = "darkroom/" DARKROOM_VERSION };
    struct loop *loop = loop_new((int)setting_int(bench->settings, "pool-threads"), err);
    struct http *http = loop ? http_new(loop, &config, err) : NULL;
    struct performer *performer = http ? perform_new(loop, http, NULL) : NULL;
    int64_t began_wall_ms = clock_wall_ms();
    int status = 1;

    if (performer) {
        bench->runner = runner_new(loop, performer, &bench->plan, watch, bench);
        bench->term = term_begin(stderr);
        bench->began_us = clock_mono_us();
        loop_on_signal(loop, SIGINT, on_signal, bench);
        loop_on_signal(loop, SIGTERM, on_signal, bench);
        runner_go(bench->runner);
        show(bench, runner_standing(bench->runner), true);
        status = tell(bench, began_wall_ms, err);
        if (bench->interrupted && err->kind == ERROR_NONE) {
            status = 130;
        }
        http_free(http);
        perform_free(performer);
        runner_free(bench->runner);
    } else if (http) {
        http_free(http);
    }
    if (loop) {
        loop_free(loop);
    }
    return status;
}

/* What was measured and how, so that the report tells how to do it again. */
static void note_command(struct bench *bench)
{
    static const char *const told[] = { "concurrency", "rate",    "arrivals", "requests",
                                        "duration",    "warm-up", "max-cost", "seed" };
    const struct settings *settings = bench->settings;
    size_t room = sizeof bench->command, size;
    char *list = arena_text(bench->arena, setting_text(settings, "target")), *saved = NULL;

    size = (size_t)snprintf(bench->command, room, "darkroom bench");
    for (char *line = strtok_r(list, "\n", &saved); line && size < room;
         line = strtok_r(NULL, "\n", &saved)) {
        size += (size_t)snprintf(bench->command + size, room - size, " --target '%s'", line);
    }
    for (size_t i = 0; i < sizeof told / sizeof *told && size < room; i++) {
        if (strcmp(setting_source(settings, told[i]), "flag") == 0) {
            size += (size_t)snprintf(bench->command + size, room - size, " --%s %s", told[i],
                                     setting_text(settings, told[i]));
        }
    }
}

static int measure(const struct settings *settings, struct error *err)
{
    struct bench *bench = calloc(1, sizeof *bench);
    int status = 0;

    if (!bench) {
        error_set(err, ERROR_INTERNAL, "no memory for a run");
        return 1;
    }
    bench->settings = settings;
    bench->arena = arena_new();
    if (data_catalog(settings, &bench->catalog, err) &&
        prompts_load(setting_text(settings, "prompts"), &bench->prompts, err) &&
        fill_plan(bench, err)) {
        if (setting_flag(settings, "dry-run")) {
            bench_tell_plan(stdout, &bench->plan);
        } else if (may_pay(bench, err)) {
            note_command(bench);
            status = go(bench, err);
        }
    }
    workload_free(&bench->workload);
    prompts_free(bench->prompts);
    catalog_free(bench->catalog);
    arena_free(bench->arena);
    free(bench);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    equip_log(settings);
    if (argc == 0) {
        return measure(settings, err);
    }
    if (strcmp(argv[0], "compare") == 0 && argc == 3) {
        return bench_compare(argv[1], argv[2], setting_flag(settings, "json"), err);
    }
    error_set(err, ERROR_INPUT, "'%.40s' with %d words is nothing that bench does", argv[0],
              argc - 1);
    error_hint(err, "`darkroom bench --target ...` or `darkroom bench compare A B`.");
    return 0;
}

static const char *const settings_taken[] = {
    "target",
    "concurrency",
    "rate",
    "arrivals",
    "in-flight",
    "requests",
    "duration",
    "warm-up",
    "max-cost",
    "yes",
    "dry-run",
    "prompt-file",
    "photo",
    "seed",
    "request-timeout",
    "out",
    "baseline",
    "fail-if",
    "json",
    "models",
    "prompts",
    "openai-key",
    "openai-org",
    "openai-project",
    "openai-base-url",
    "log-format",
    "log-level",
    "pool-threads",
    NULL,
};

const struct command command_bench = {
    .name = "bench",
    .arguments = "[compare A B]",
    .summary = "measure models: latency with its certainty, errors, price of a usable image",
    .examples =
        "  darkroom bench --target openai:gpt-image-2.5-flare,quality=low --max-cost 1\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --target openai:gpt-image-2 "
        "--requests 50 --out run\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --rate 0.5 --duration 600 --dry-run\n"
        "  darkroom bench compare monday friday\n"
        "  darkroom bench --target offline:offline --baseline monday --fail-if 'p95>1.2x'\n",
    .settings = settings_taken,
    .max_arguments = 3,
    .run = run,
};
