/* cmd_bench.c - darkroom bench: measures latency, errors and cost of models. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/image_processing.h"
#include "app/log_settings.h"
#include "app/worker_setup.h"
#include "base/embed.h"
#include "base/memory.h"
#include "bench/command/bench.h"
#include "bench/command/bench_preflight.h"
#include "bench/command/bench_run.h"
#include "cli/command.h"
#include "io/file.h"

/* Allows a run that costs money only with --max-cost, --yes, or a confirmation at the terminal. */
static bool confirm_cost(const struct settings *settings, const struct bench_setup *setup,
                         int levels, struct error *err)
{
    const struct load_plan *plan = &setup->plan;
    char answer[16] = "";

    if (plan->cost_limit >= 0 || load_plan_max_cost(plan) == 0 || setting_flag(settings, "yes")) {
        return true;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        error_set(err, ERROR_INPUT, "this may cost money, and there is no terminal to confirm it");
        return error_hint(err, "Add --max-cost USD or --yes; --dry-run shows the cost.");
    }
    bench_print_plan(stderr, plan, levels);
    fprintf(stderr, "Continue? [y/N] ");
    return (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y')) ||
           error_set(err, ERROR_INPUT, "cancelled: nothing was sent");
}

/* Checks what would otherwise fail only after all requests were paid for. */
static bool check_output(const struct settings *settings, struct error *err)
{
    const char *out = setting_text(settings, "out");

    if (!out && setting_flag(settings, "keep-images")) {
        error_set(err, ERROR_INPUT, "--keep-images needs a folder");
        return error_hint(err, "Add --out DIR.");
    }
    return !out || folder_make(out, err);
}

static int measure(const struct settings *settings, struct error *err)
{
    struct bench_setup *setup = xcalloc(1, sizeof *setup);
    struct sweep_plan sweep_plan;
    int status = 0, levels;

    if (bench_setup(settings, setup, err) &&
        sweep_plan_read(setting_text(settings, "sweep"), &sweep_plan, err)) {
        levels = sweep_plan.count > 0 ? sweep_plan.count : 1;
        if (setting_flag(settings, "dry-run")) {
            if (setting_flag(settings, "json")) {
                bench_plan_json(&setup->plan, levels);
            } else {
                bench_print_plan(stdout, &setup->plan, levels);
            }
        } else if (check_output(settings, err) &&
                   bench_preflight(settings, setup, &sweep_plan, err) &&
                   confirm_cost(settings, setup, levels, err)) {
            image_processing_start(settings, true); /* it must not delay requests */
            status = bench_run(settings, setup, &sweep_plan, err);
            image_processing_stop();
        }
    }
    bench_setup_free(setup);
    free(setup);
    return status;
}

static int print_schema(struct error *err)
{
    const struct embedded *file = embed_find("assets/bench/schema.json");

    if (!file) {
        error_set(err, ERROR_INTERNAL, "the schema is not in the program");
        return 1;
    }
    fwrite(file->data, 1, file->size, stdout);
    return 0;
}

static int refuse_json(struct error *err)
{
    error_set(err, ERROR_INPUT, "'bench schema' prints a document, so it takes no --json");
    error_hint(err, "--json-schema describes what --json prints.");
    return 0;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    log_apply_settings(settings);
    if (argc == 0) {
        return measure(settings, err);
    }
    if (strcmp(argv[0], "compare") == 0 && argc == 3) {
        return bench_compare(argv[1], argv[2], setting_flag(settings, "json"), err);
    }
    if (strcmp(argv[0], "verify") == 0 && argc == 2) {
        return bench_verify(argv[1], setting_flag(settings, "json"), err);
    }
    if (strcmp(argv[0], "schema") == 0 && argc == 1) {
        return setting_flag(settings, "json") ? refuse_json(err) : print_schema(err);
    }
    if (word_list_has("compare verify schema", argv[0])) {
        error_set(err, ERROR_INPUT, "'bench %s' takes %s", argv[0],
                  strcmp(argv[0], "compare") == 0  ? "two runs: folders or summary.json files"
                  : strcmp(argv[0], "verify") == 0 ? "one run: a folder or its samples.jsonl"
                                                   : "no arguments");
    } else {
        error_set(err, ERROR_INPUT, "unknown subcommand '%.40s'", argv[0]);
    }
    error_hint(err, "`darkroom bench --target ...`, `darkroom bench compare A B`, "
                    "`darkroom bench verify RUN` or `darkroom bench schema`.");
    return 0;
}

static const char *const settings_taken[] = {
    "target",
    "targets",
    "sweep",
    "find-load",
    "p95-below",
    "until-decided",
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
    "workload",
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
    NETWORK_SETTINGS,
    "log-format",
    "log-level",
    "pool-threads",
    "memory",
    NULL,
};

const struct command command_bench = {
    .name = "bench",
    .arguments = "[compare A B | verify RUN | schema]",
    .summary = "measure models: latency with confidence intervals, errors, cost per usable image",
    .examples = "  darkroom bench --target openai:gpt-image-2.5-flare,quality=low --max-cost 1\n"
                "  darkroom bench --target openai:gpt-image-2.5-flare \\\n"
                "    --target openai:gpt-image-2 --requests 50 --out run\n"
                "  darkroom bench --target openai:gpt-image-2.5-flare --rate 0.5 \\\n"
                "    --duration 600 --dry-run\n"
                "  darkroom bench --target openai:gpt-image-2.5-flare --requests 40 \\\n"
                "    --sweep concurrency:1,2,4,8,16 --stop-errors 0.05 --max-cost 20\n"
                "  darkroom bench --target openai:gpt-image-2.5-flare --replay 50 --yes\n"
                "  darkroom bench compare monday friday\n"
                "  darkroom bench verify monday          # were samples changed?\n"
                "  darkroom bench --target openai:gpt-image-2 --workload packs-v1 \\\n"
                "    --requests 72 --max-cost 10\n"
                "  darkroom bench --target openai:gpt-image-2 --find-load \\\n"
                "    --p95-below 30s --max-cost 5\n"
                "  darkroom bench schema                 # of samples.jsonl and summary.json\n"
                "  darkroom bench --target offline:offline-image --baseline monday \\\n"
                "    --fail-if 'p95>1.2x,errors>5%'\n",
    .settings = settings_taken,
    .output = output_bench,
    .common = "target targets requests duration concurrency rate max-cost yes dry-run out json",
    .max_arguments = 3,
    .run = run,
};
