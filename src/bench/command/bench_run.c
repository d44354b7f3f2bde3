/* bench_run.c - prepares memory, sockets and signals, and runs the plan. */
#include "bench/command/bench_run.h"

#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/network.h"
#include "bench/command/bench_state.h"
#include "io/http/http.h"
#include "io/open_files.h"

enum { WARM_UP_MAX = BENCH_SMALL_CONCURRENCY }; /* MB: one per response */
enum { IN_TRANSIT_BYTES = 48 << 20, OTHER_FILES = 100 };

static void on_signal(int number, void *context)
{
    struct bench *bench = context;

    (void)number;
    if (!bench->runner) {
        bench->interrupted++; /* between two levels: do not begin the next */
        bench->limit_reached = true;
    } else if (bench->interrupted++ == 0) {
        runner_stop(bench->runner, "interrupted");
    } else {
        runner_cancel(bench->runner);
    }
}

static void on_lag(int64_t late_us, void *context)
{
    struct bench *bench = context;

    if (bench->runner) {
        runner_record_lag(bench->runner, late_us);
    }
}

static int run_all(struct bench *bench, const struct sweep_plan *sweep_plan, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    int status;

    loop_on_signal(bench->context.loop, SIGINT, on_signal, bench);
    loop_on_signal(bench->context.loop, SIGTERM, on_signal, bench);
    if (setting_flag(bench->settings, "keep-images")) {
        bench->setup->plan.images_folder = bench->folder; /* changes with each level */
    }
    if (setting_flag(bench->settings, "find-load")) {
        status = bench_find_load(bench, err);
    } else if (sweep_plan->count > 0) {
        status = bench_run_levels(bench, sweep_plan, err);
    } else {
        snprintf(bench->folder, sizeof bench->folder, "%.1000s", out ? out : "");
        status = bench_run_once(bench, &bench->setup->plan, err);
    }
    return bench->interrupted && err->kind == ERROR_NONE ? 130 : status;
}

static bool touch_pages(void *arg, struct error *err)
{
    int count = *(int *)arg;
    void *pieces[WARM_UP_MAX];

    (void)err;
    for (int i = 0; i < count; i++) {
        pieces[i] = malloc(1 << 20);
        if (pieces[i]) {
            explicit_bzero(pieces[i], 1 << 20); /* not removed by the compiler */
        }
    }
    while (count > 0) {
        free(pieces[--count]);
    }
    return true;
}

static void touch_done(void *context, const struct error *err)
{
    (void)err;
    --*(int *)context;
}

/* Makes malloc keep freed memory, and touches as much as fast responses will need, because the
 * first access to a page may take longer than all other work on it. Not used with many requests in
 * flight: fragmentation would then keep more memory than all waiting responses need. */
static void warm_up_memory(struct run_context *context, double rate)
{
    static int evaluation_mb = 12;
    int loop_mb = rate < WARM_UP_MAX ? (int)rate : WARM_UP_MAX, left = 0;
    struct error ignored;

    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    touch_pages(&loop_mb, &ignored);
    for (int i = 0; loop_mb >= evaluation_mb && i < idle_pool_threads(context->background); i++) {
        left +=
            idle_pool_submit(context->background, touch_pages, &evaluation_mb, touch_done, &left);
    }
    while (left > 0) {
        loop_wait(context->loop, 100);
    }
}

static bool open_context(struct bench *bench, struct error *err)
{
    int threads = (int)setting_int(bench->settings, "pool-threads");
    struct run_context *context = &bench->context;

    return (context->loop = loop_new(threads, err)) != NULL &&
           (context->background = idle_pool_new(context->loop, threads, err)) != NULL &&
           (context->lag = loop_lag_new(context->loop, on_lag, bench, err)) != NULL;
}

/* Returns the highest concurrency of the run or sweep; 0 for an open loop. */
static int max_concurrency(const struct load_plan *plan, const struct sweep_plan *sweep_plan)
{
    double max = sweep_plan->by_rate ? 0 : plan->concurrency;

    for (int i = 0; i < sweep_plan->count && !sweep_plan->by_rate; i++) {
        max = fmax(max, sweep_plan->levels[i]);
    }
    return (int)max;
}

/* Allows one socket per request in flight, and some other files. */
static bool allow_sockets(const struct load_plan *plan, int concurrency, struct error *err)
{
    return open_files_raise_limit((concurrency > 0 ? concurrency : plan->in_flight_max) +
                                      OTHER_FILES,
                                  err);
}

int bench_run(const struct settings *settings, struct bench_setup *setup,
              const struct sweep_plan *sweep_plan, struct error *err)
{
    struct http_config config = { .max_buffered_bytes = IN_TRANSIT_BYTES };
    struct until_decided decided;
    struct bench bench = { .settings = settings, .setup = setup };
    struct http *http = NULL;
    int status = 1;
    int concurrency = setting_flag(settings, "find-load")
                          ? FIND_LOAD_MAX
                          : max_concurrency(&setup->plan, sweep_plan);

    if (!allow_sockets(&setup->plan, concurrency, err) || !network_config(settings, &config, err)) {
        return 0; /* the error sets the exit status */
    }
    if (open_context(&bench, err)) {
        if (concurrency <= BENCH_SMALL_CONCURRENCY) {
            warm_up_memory(&bench.context, setup->plan.rate);
        }
        config.loop_lag = bench.context.lag;
        http = http_new(bench.context.loop, &config, err);
    }
    if (http) {
        bench.performer = perform_new(bench.context.loop, http, NULL);
        if (setting_flag(settings, "until-decided")) {
            until_decided_begin(&setup->plan, &decided);
            bench.until_decided = &decided;
        }
        status = run_all(&bench, sweep_plan, err);
        if (bench.until_decided) {
            until_decided_end(&decided);
        }
        http_free(http);
        perform_free(bench.performer);
    }
    loop_lag_free(bench.context.lag);
    idle_pool_free(bench.context.background);
    loop_free(bench.context.loop);
    return status;
}
