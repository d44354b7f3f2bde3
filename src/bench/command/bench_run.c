/* bench_run.c - runs the plan, prints and writes the results. */
#include "bench/command/bench_run.h"

#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/network.h"
#include "base/clock.h"
#include "bench/command/bench.h"
#include "io/http/http.h"
#include "io/open_files.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_progress.h"

enum { WARM_UP_MAX = BENCH_SMALL_CONCURRENCY }; /* MB: one per response */
enum { IN_TRANSIT_BYTES = 48 << 20, OTHER_FILES = 100 };

struct bench { /* state of one run and of the sweep around it */
    const struct settings *settings;
    struct bench_setup *setup;
    struct run_context context;
    struct performer *performer;
    struct runner *runner;
    struct term_progress *term; /* NULL when not under way */
    int64_t began_us, printed_us;
    char state[120];
    int interrupted;
    char level[40];    /* "8 in flight"; empty without a sweep */
    char folder[1100]; /* of the output files; empty for none */
    double load;       /* the level as a number */
    struct sweep sweep;
    int64_t spent;      /* by earlier levels; unknown costs count in full */
    bool limit_reached; /* --stop-errors or --stop-p95 was exceeded */
};

/* -- the run ----------------------------------------------------------------------------------- */

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

static void show(struct bench *bench, const struct run_progress *progress, bool last)
{
    struct term_progress_row row = { .name = "bench",
                                     .state = bench->state,
                                     .began_us = bench->began_us };

    int size = snprintf(bench->state, sizeof bench->state,
                        "%d of %d usable, %d in flight, %.4f USD", progress->usable, progress->done,
                        progress->in_flight, (double)progress->spent / 1e6);

    if (progress->waiting > 0 && progress->in_flight == 0) {
        snprintf(bench->state + size, sizeof bench->state - (size_t)size, ", %d to evaluate",
                 progress->waiting);
    }
    if (last) {
        row.ended_us = clock_mono_us();
        term_progress_end(bench->term, &row, 1);
        bench->term = NULL;
    } else {
        term_progress_update(bench->term, &row, 1);
    }
}

static void on_progress(const struct run_progress *progress, void *context)
{
    struct bench *bench = context;
    int64_t now = clock_mono_us(), every = term_is_live(stderr) ? 100000 : 10000000;

    if (bench->term && now - bench->printed_us >= every) {
        bench->printed_us = now;
        show(bench, progress, false);
    }
}

/* -- results ----------------------------------------------------------------------------------- */

static void print_json(const struct report *report)
{
    cJSON *json;

    for (size_t i = 0; i < report->samples->count; i++) {
        json = report_sample(report, &report->samples->rows[i]);
        table_json(stdout, json);
        cJSON_Delete(json);
    }
    json = report_summary(report);
    table_json(stdout, json);
    cJSON_Delete(json);
}

/* Returns whether a level exceeded --stop-errors or --stop-p95. */
static bool exceeds_limits(const struct bench *bench, const struct target_summary *summary)
{
    size_t failed = summary->issued - summary->count;
    double max = setting_number(bench->settings, "stop-p95");

    return (summary->issued > 0 && (double)failed / (double)summary->issued >
                                       setting_number(bench->settings, "stop-errors")) ||
           (max > 0 && summary->percentiles[3] > max);
}

/* Keeps the results of a level; they are printed after the last level. */
static void add_level_result(struct bench *bench, const struct report *report)
{
    sweep_add(&bench->sweep, bench->load, report->summaries);
    for (int i = 0; i < report->plan->target_count; i++) {
        bench->limit_reached |= exceeds_limits(bench, &report->summaries[i]);
    }
    bench->sweep.spent += report->progress->spent;
    bench->sweep.spent_unknown |= report->progress->spent_unknown;
}

static int check_gate(const struct bench *bench, const struct report *report, struct error *err)
{
    const struct bench_gate *gate = bench->setup->gate;

    return gate && err->kind == ERROR_NONE ? bench_gate_check(gate, report, err) : 0;
}

static int print_result(struct bench *bench, const struct load_plan *plan, int64_t began_wall_ms,
                        struct error *err)
{
    bool json = setting_flag(bench->settings, "json");
    struct target_summary summaries[TARGETS_MAX];
    struct samples *samples = runner_samples(bench->runner);
    struct report report = { .plan = plan,
                             .progress = runner_progress(bench->runner),
                             .samples = samples,
                             .summaries = summaries,
                             .began_wall_ms = began_wall_ms,
                             .command = bench->setup->command.data };
    int status = report.progress->stopped_why ? 1 : 0, gate;

    samples_find_duplicates(samples);
    target_summaries_make(plan, report.progress, samples, summaries);
    if (json) {
        print_json(&report);
    } else if (!bench->level[0]) {
        bench_print(stdout, &report, setting_flag(bench->settings, "wide"));
    }
    if (bench->folder[0] && report_write(&report, bench->folder, err) && !json) {
        printf("%s%sreport and samples: %s/report.html\n", bench->level,
               bench->level[0] ? ": " : "", bench->folder);
    }
    gate = check_gate(bench, &report, err);
    if (bench->level[0]) {
        add_level_result(bench, &report);
    } else {
        target_summaries_free(summaries, plan->target_count);
    }
    return gate ? gate : status;
}

static void print_sweep(struct bench *bench, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    bool json = setting_flag(bench->settings, "json");

    bench->sweep.ended_early = bench->limit_reached && !bench->interrupted;
    if (json) {
        cJSON *object = sweep_json(&bench->sweep);

        table_json(stdout, object);
        cJSON_Delete(object);
    } else {
        bench_print_sweep(stdout, &bench->sweep);
    }
    if (out && err->kind == ERROR_NONE && sweep_write(&bench->sweep, out, err) && !json) {
        printf("report of all levels: %s/report.html\n", out);
    }
}

/* -- running ----------------------------------------------------------------------------------- */

static int run_once(struct bench *bench, const struct load_plan *plan, struct error *err)
{
    struct run_clock run_clock = run_clock_of(&bench->context);
    int64_t began_wall_ms = clock_wall_ms();
    int status;

    bench->runner = runner_new(&run_clock, bench->performer, plan, on_progress, bench);
    bench->term = term_progress_begin(stderr, stderr);
    bench->began_us = clock_mono_us();
    runner_run(bench->runner);
    show(bench, runner_progress(bench->runner), true);
    status = print_result(bench, plan, began_wall_ms, err);
    bench->spent +=
        runner_progress(bench->runner)->spent + runner_progress(bench->runner)->reserved;
    runner_free(bench->runner);
    bench->runner = NULL;
    return status;
}

static int run_levels(struct bench *bench, const struct sweep_plan *sweep_plan, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    int status = 0;

    bench->sweep = (struct sweep){ .by_rate = sweep_plan->by_rate,
                                   .plan = &bench->setup->plan,
                                   .command = bench->setup->command.data,
                                   .began_wall_ms = clock_wall_ms() };
    for (int i = 0;
         i < sweep_plan->count && status == 0 && err->kind == ERROR_NONE && !bench->limit_reached;
         i++) {
        struct load_plan plan = bench->setup->plan;

        plan.concurrency = sweep_plan->by_rate ? 0 : (int)sweep_plan->levels[i];
        plan.rate = sweep_plan->by_rate ? sweep_plan->levels[i] : 0;
        plan.cost_limit = load_plan_cost_left(&plan, bench->spent);
        bench->load = sweep_plan->levels[i];
        sweep_level_name(&bench->sweep, bench->load, bench->level);
        if (out) {
            snprintf(bench->folder, sizeof bench->folder, "%.1000s/%g", out, sweep_plan->levels[i]);
        }
        status = run_once(bench, &plan, err);
    }
    print_sweep(bench, err);
    sweep_free(&bench->sweep);
    return status;
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
    if (sweep_plan->count > 0) {
        status = run_levels(bench, sweep_plan, err);
    } else {
        snprintf(bench->folder, sizeof bench->folder, "%.1000s", out ? out : "");
        status = run_once(bench, &bench->setup->plan, err);
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
    struct bench bench = { .settings = settings, .setup = setup };
    struct http *http = NULL;
    int status = 1, concurrency = max_concurrency(&setup->plan, sweep_plan);

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
        status = run_all(&bench, sweep_plan, err);
        http_free(http);
        perform_free(bench.performer);
    }
    loop_lag_free(bench.context.lag);
    idle_pool_free(bench.context.background);
    loop_free(bench.context.loop);
    return status;
}

bool sweep_plan_read(const char *text, struct sweep_plan *out, struct error *err)
{
    const char *at = text ? strchr(text, ':') : NULL;
    char *end;

    *out = (struct sweep_plan){ 0 };
    if (!text) {
        return true;
    }
    out->by_rate = strncmp(text, "rate:", 5) == 0;
    if (!at || (!out->by_rate && strncmp(text, "concurrency:", 12) != 0)) {
        error_set(err, ERROR_INPUT,
                  "invalid --sweep '%.40s': expected a list like concurrency:1,2,4", text);
        return error_hint(err, "Or rate:0.5,1,2.");
    }
    do {
        double level = strtod(++at, &end);

        if (end == at || !(level > 0) || level > (out->by_rate ? 100000 : 4096) ||
            (!out->by_rate && level != floor(level)) || out->count == SWEEP_LEVELS_MAX) {
            return error_set(err, ERROR_INPUT, "invalid --sweep '%.60s': '%.20s' is not a level",
                             text, at);
        }
        out->levels[out->count++] = level;
        at = end;
    } while (*at == ',');
    return *at == '\0' ||
           error_set(err, ERROR_INPUT,
                     "invalid --sweep '%.60s': unexpected '%.20s' after the levels", text, at);
}
