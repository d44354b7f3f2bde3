/* cmd_bench.c - darkroom bench: how long, how sure, how dear. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/log_settings.h"
#include "app/worker_setup.h"
#include "base/embed.h"
#include "bench/command/bench.h"
#include "bench/command/bench_preflight.h"
#include "bench/command/bench_run.h"
#include "cli/command.h"
#include "io/file.h"

/* Nobody pays by surprise: a bound, a yes, or an answer at the terminal. */
static bool may_pay(const struct settings *settings, const struct bench_setup *setup, int levels,
                    struct error *err)
{
    const struct load_plan *plan = &setup->plan;
    char answer[16] = "";

    if (plan->cost_limit >= 0 || load_plan_worst_cost(plan) == 0 || setting_flag(settings, "yes")) {
        return true;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        error_set(err, ERROR_INPUT, "this may cost money, and nobody is here to say yes");
        return error_hint(err, "Give --max-cost USD or --yes; --dry-run tells the price.");
    }
    bench_print_plan(stderr, plan, levels);
    fprintf(stderr, "Go on? [y/N] ");
    return (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y')) ||
           error_set(err, ERROR_INPUT, "not started: nothing was sent");
}

/* What would fail only after all was paid for. */
static bool can_end_well(const struct settings *settings, struct error *err)
{
    const char *out = setting_text(settings, "out");

    if (!out && setting_flag(settings, "keep-images")) {
        error_set(err, ERROR_INPUT, "--keep-images needs a folder");
        return error_hint(err, "Say where with --out DIR.");
    }
    return !out || folder_make(out, err);
}

static int measure(const struct settings *settings, struct error *err)
{
    struct bench_setup *setup = malloc(sizeof *setup);
    struct sweep_plan sweep_plan;
    int status = 0, levels;

    if (!setup) {
        error_set(err, ERROR_INTERNAL, "no memory for a run");
        return 1;
    }
    if (bench_setup(settings, setup, err) &&
        sweep_plan_read(setting_text(settings, "sweep"), &sweep_plan, err)) {
        levels = sweep_plan.count > 0 ? sweep_plan.count : 1;
        if (setting_flag(settings, "dry-run")) {
            bench_print_plan(stdout, &setup->plan, levels);
        } else if (can_end_well(settings, err) &&
                   bench_preflight(settings, setup, &sweep_plan, err) &&
                   may_pay(settings, setup, levels, err)) {
            status = bench_run(settings, setup, &sweep_plan, err);
        }
    }
    bench_setup_free(setup);
    free(setup);
    return status;
}

static int tell_schema(struct error *err)
{
    const struct embedded *file = embed_find("assets/bench/schema.json");

    if (!file) {
        error_set(err, ERROR_INTERNAL, "the schema is not in the program");
        return 1;
    }
    fwrite(file->data, 1, file->size, stdout);
    return 0;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    log_apply_settings(settings, LOG_INFO);
    if (argc == 0) {
        return measure(settings, err);
    }
    if (strcmp(argv[0], "compare") == 0 && argc == 3) {
        return bench_compare(argv[1], argv[2], setting_flag(settings, "json"), err);
    }
    if (strcmp(argv[0], "schema") == 0 && argc == 1) {
        return tell_schema(err);
    }
    error_set(err, ERROR_INPUT, "'%.40s' with %d words is nothing that bench does", argv[0],
              argc - 1);
    error_hint(err, "`darkroom bench --target ...`, `darkroom bench compare A B` or "
                    "`darkroom bench schema`.");
    return 0;
}

static const char *const settings_taken[] = {
    "target",
    "targets",
    "sweep",
    "stop-errors",
    "stop-p95",
    "replay",
    "database-url",
    "store",
    "folder",
    "supabase-url",
    "supabase-key",
    "allow-loopback-fetch",
    "concurrency",
    "rate",
    "arrivals",
    "requests-a-minute",
    "profile",
    "over-limit",
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
    "keep-images",
    "store-images",
    "wide",
    "json",
    "models",
    "prompts",
    PROVIDER_SETTINGS,
    "log-format",
    "log-level",
    "pool-threads",
    NULL,
};

const struct command command_bench = {
    .name = "bench",
    .arguments = "[compare A B | schema]",
    .summary = "measure models: latency with its certainty, errors, price of a usable image",
    .examples =
        "  darkroom bench --target openai:gpt-image-2.5-flare,quality=low --max-cost 1\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --target openai:gpt-image-2 "
        "--requests 50 --out run\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --rate 0.5 --duration 600 --dry-run\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --sweep concurrency:1,2,4,8,16 "
        "--requests 40 --stop-errors 0.05 --max-cost 20\n"
        "  darkroom bench --target openai:gpt-image-2.5-flare --replay 50 --requests 50 --yes\n"
        "  darkroom bench compare monday friday\n"
        "  darkroom bench schema    # what samples.jsonl and summary.json hold\n"
        "  darkroom bench --target offline:offline-image --baseline monday --fail-if "
        "'p95>1.2x,errors>5%'\n",
    .settings = settings_taken,
    .max_arguments = 3,
    .run = run,
};
