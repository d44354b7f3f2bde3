/* bench_run.c - from a plan to figures, files and an exit status. */
#include "bench/command/bench_run.h"

#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/command/bench.h"
#include "io/http/http.h"
#include "io/open_files.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_progress.h"

enum { WARM_MOST = BENCH_FEW }; /* MB: one for an answer */
enum { IN_TRANSIT_BYTES = 48 << 20, FILES_BESIDE = 100 };

struct bench { /* what one run needs, and what a sweep gathers */
    const struct settings *settings;
    struct bench_setup *setup;
    struct means means;
    struct performer *performer;
    struct runner *runner;
    struct term_progress *term; /* NULL: nobody watches */
    int64_t began_us, told_us;
    char state[120];
    int interrupted;
    char level[40];    /* "8 in flight"; empty: no sweep */
    char folder[1100]; /* of its files; empty: none */
    double load;       /* the level as a number */
    struct ladder ladder;
    int64_t spent; /* by the levels before */
    bool enough;   /* an error or latency limit of the sweep was passed */
};

/* -- the run ----------------------------------------------------------------------------------- */

static void on_signal(int number, void *context)
{
    struct bench *bench = context;

    (void)number;
    if (!bench->runner) {
        bench->interrupted++; /* between two runs of a sweep: the next one is not begun */
        bench->enough = true;
    } else if (bench->interrupted++ == 0) {
        runner_stop(bench->runner, "interrupted");
    } else {
        runner_cancel(bench->runner);
    }
}

static void on_beat(int64_t late_us, void *context)
{
    struct bench *bench = context;

    if (bench->runner) {
        runner_beat(bench->runner, late_us);
    }
}

static void show(struct bench *bench, const struct standing *standing, bool last)
{
    struct term_progress_row row = { .name = "bench",
                                     .state = bench->state,
                                     .began_us = bench->began_us };

    int size = snprintf(bench->state, sizeof bench->state,
                        "%d of %d usable, %d in flight, %.4f USD", standing->good, standing->done,
                        standing->in_flight, (double)standing->spent / 1e6);

    if (standing->waiting > 0 && standing->in_flight == 0) {
        snprintf(bench->state + size, sizeof bench->state - (size_t)size, ", %d to judge",
                 standing->waiting);
    }
    if (last) {
        row.ended_us = clock_mono_us();
        term_progress_end(bench->term, &row, 1);
        bench->term = NULL;
    } else {
        term_progress_update(bench->term, &row, 1);
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

/* -- telling ----------------------------------------------------------------------------------- */

static void tell_json(const struct report *report)
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

/* Is a limit of the sweep passed? */
static bool is_enough(const struct bench *bench, const struct tally *tally)
{
    size_t failed = tally->issued - tally->count;
    double most = setting_number(bench->settings, "stop-p95");

    return (tally->issued > 0 && (double)failed / (double)tally->issued >
                                     setting_number(bench->settings, "stop-errors")) ||
           (most > 0 && tally->percentiles[3] > most);
}

/* A level of a sweep: its figures are kept, and told when all levels are through. */
static void keep_level(struct bench *bench, const struct report *report)
{
    ladder_add(&bench->ladder, bench->load, report->tallies);
    for (int i = 0; i < report->plan->target_count; i++) {
        bench->enough |= is_enough(bench, &report->tallies[i]);
    }
    bench->ladder.spent += report->standing->spent;
    bench->ladder.spent_unknown |= report->standing->spent_unknown;
}

static int hold_against(const struct bench *bench, const struct report *report, struct error *err)
{
    const struct bench_gate *gate = bench->setup->gate;

    return gate && err->kind == ERROR_NONE ? bench_gate_hold(gate, report, err) : 0;
}

static int tell(struct bench *bench, const struct plan *plan, int64_t began_wall_ms,
                struct error *err)
{
    bool json = setting_flag(bench->settings, "json");
    struct tally tallies[TARGETS_MAX];
    struct samples *samples = runner_samples(bench->runner);
    struct report report = { .plan = plan,
                             .standing = runner_standing(bench->runner),
                             .samples = samples,
                             .tallies = tallies,
                             .began_wall_ms = began_wall_ms,
                             .command = bench->setup->command.data };
    int status = report.standing->stopped_why ? 1 : 0, gate;

    samples_find_twins(samples);
    tallies_make(plan, report.standing, samples, tallies);
    if (json) {
        tell_json(&report);
    } else if (!bench->level[0]) {
        bench_tell(stdout, &report, setting_flag(bench->settings, "wide"));
    }
    if (bench->folder[0] && report_write(&report, bench->folder, err) && !json) {
        printf("%s%severy sample, and a page to look at: %s/report.html\n", bench->level,
               bench->level[0] ? ": " : "", bench->folder);
    }
    gate = hold_against(bench, &report, err);
    if (bench->level[0]) {
        keep_level(bench, &report);
    } else {
        tallies_free(tallies, plan->target_count);
    }
    return gate ? gate : status;
}

static void tell_sweep(struct bench *bench, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    bool json = setting_flag(bench->settings, "json");

    bench->ladder.ended_early = bench->enough && !bench->interrupted;
    if (json) {
        cJSON *object = ladder_json(&bench->ladder);

        table_json(stdout, object);
        cJSON_Delete(object);
    } else {
        bench_tell_ladder(stdout, &bench->ladder);
    }
    if (out && err->kind == ERROR_NONE && ladder_write(&bench->ladder, out, err) && !json) {
        printf("all levels on one page: %s/report.html\n", out);
    }
}

/* -- running ----------------------------------------------------------------------------------- */

static int run_once(struct bench *bench, const struct plan *plan, struct error *err)
{
    struct pace pace = pace_of(&bench->means);
    int64_t began_wall_ms = clock_wall_ms();
    int status;

    bench->runner = runner_new(&pace, bench->performer, plan, watch, bench);
    bench->term = term_progress_begin(stderr);
    bench->began_us = clock_mono_us();
    runner_go(bench->runner);
    show(bench, runner_standing(bench->runner), true);
    status = tell(bench, plan, began_wall_ms, err);
    bench->spent += runner_standing(bench->runner)->spent;
    runner_free(bench->runner);
    bench->runner = NULL;
    return status;
}

static int run_levels(struct bench *bench, const struct sweep *sweep, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    int status = 0;

    bench->ladder = (struct ladder){ .rates = sweep->rates,
                                     .plan = &bench->setup->plan,
                                     .command = bench->setup->command.data,
                                     .began_wall_ms = clock_wall_ms() };
    for (int i = 0; i < sweep->count && status == 0 && err->kind == ERROR_NONE && !bench->enough;
         i++) {
        struct plan plan = bench->setup->plan;

        plan.concurrency = sweep->rates ? 0 : (int)sweep->levels[i];
        plan.rate = sweep->rates ? sweep->levels[i] : 0;
        plan.cost_most = plan.cost_most < 0 ? -1 : plan.cost_most - bench->spent;
        bench->load = sweep->levels[i];
        ladder_level(&bench->ladder, bench->load, bench->level);
        if (out) {
            snprintf(bench->folder, sizeof bench->folder, "%.1000s/%g", out, sweep->levels[i]);
        }
        status = run_once(bench, &plan, err);
    }
    tell_sweep(bench, err);
    ladder_free(&bench->ladder);
    return status;
}

static int run_all(struct bench *bench, const struct sweep *sweep, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    int status;

    loop_on_signal(bench->means.loop, SIGINT, on_signal, bench);
    loop_on_signal(bench->means.loop, SIGTERM, on_signal, bench);
    if (setting_flag(bench->settings, "keep-images")) {
        bench->setup->plan.images_folder = bench->folder; /* of the level under way */
    }
    if (sweep->count > 0) {
        status = run_levels(bench, sweep, err);
    } else {
        snprintf(bench->folder, sizeof bench->folder, "%.1000s", out ? out : "");
        status = run_once(bench, &bench->setup->plan, err);
    }
    return bench->interrupted && err->kind == ERROR_NONE ? 130 : status;
}

static bool touch_memory(void *arg, struct error *err)
{
    int count = *(int *)arg;
    void *pieces[WARM_MOST];

    (void)err;
    for (int i = 0; i < count; i++) {
        pieces[i] = malloc(1 << 20);
        if (pieces[i]) {
            explicit_bzero(pieces[i], 1 << 20); /* which no compiler leaves out */
        }
    }
    while (count > 0) {
        free(pieces[--count]);
    }
    return true;
}

static void touched(void *context, const struct error *err)
{
    (void)err;
    --*(int *)context;
}

/* Memory that was used once is kept and used again, and where answers come fast there is some to
 * begin with: a page that is touched for the first time may take longer than all else that is done
 * with it. Not where many are in flight at once: what they leave behind, between what others still
 * need, would be kept too, and be more than all answers that wait. */
static void keep_memory(struct means *means, double rate)
{
    static int of_judge = 12;
    int of_loop = rate < WARM_MOST ? (int)rate : WARM_MOST, left = 0;
    struct error ignored;

    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    touch_memory(&of_loop, &ignored);
    for (int i = 0; of_loop >= of_judge && i < idle_pool_threads(means->background); i++) {
        left += idle_pool_submit(means->background, touch_memory, &of_judge, touched, &left);
    }
    while (left > 0) {
        loop_wait(means->loop, 100);
    }
}

static bool begin_means(struct bench *bench, struct error *err)
{
    int threads = (int)setting_int(bench->settings, "pool-threads");
    struct means *means = &bench->means;

    return (means->loop = loop_new(threads, err)) != NULL &&
           (means->background = idle_pool_new(means->loop, threads, err)) != NULL &&
           (means->lag = loop_lag_new(means->loop, on_beat, bench, err)) != NULL;
}

/* At the highest level of a sweep; 0: what comes at a rate. */
static int most_at_once(const struct plan *plan, const struct sweep *sweep)
{
    double most = sweep->rates ? 0 : plan->concurrency;

    for (int i = 0; i < sweep->count && !sweep->rates; i++) {
        most = fmax(most, sweep->levels[i]);
    }
    return (int)most;
}

/* A socket for each that is in flight, and files beside them. */
static bool allow_sockets(const struct plan *plan, int at_once, struct error *err)
{
    return open_files_raise_limit((at_once > 0 ? at_once : plan->in_flight_most) + FILES_BESIDE,
                                  err);
}

int bench_run(const struct settings *settings, struct bench_setup *setup, const struct sweep *sweep,
              struct error *err)
{
    struct http_config config = { .user_agent = "darkroom/" DARKROOM_VERSION,
                                  .answers_in_transit = IN_TRANSIT_BYTES };
    struct bench bench = { .settings = settings, .setup = setup };
    struct http *http = NULL;
    int status = 1, at_once = most_at_once(&setup->plan, sweep);

    if (!allow_sockets(&setup->plan, at_once, err)) {
        return 0; /* the error's own */
    }
    if (begin_means(&bench, err)) {
        if (at_once <= BENCH_FEW) {
            keep_memory(&bench.means, setup->plan.rate);
        }
        config.lag = bench.means.lag;
        http = http_new(bench.means.loop, &config, err);
    }
    if (http) {
        bench.performer = perform_new(bench.means.loop, http, NULL);
        status = run_all(&bench, sweep, err);
        http_free(http);
        perform_free(bench.performer);
    }
    loop_lag_free(bench.means.lag);
    idle_pool_free(bench.means.background);
    loop_free(bench.means.loop);
    return status;
}

bool sweep_read(const char *text, struct sweep *out, struct error *err)
{
    const char *at = text ? strchr(text, ':') : NULL;
    char *end;

    *out = (struct sweep){ 0 };
    if (!text) {
        return true;
    }
    out->rates = strncmp(text, "rate:", 5) == 0;
    if (!at || (!out->rates && strncmp(text, "concurrency:", 12) != 0)) {
        error_set(err, ERROR_INPUT, "--sweep '%.40s' is not like concurrency:1,2,4", text);
        return error_hint(err, "Or rate:0.5,1,2.");
    }
    do {
        double level = strtod(++at, &end);

        if (end == at || !(level > 0) || level > (out->rates ? 100000 : 4096) ||
            (!out->rates && level != floor(level)) || out->count == LEVELS_MAX) {
            return error_set(err, ERROR_INPUT, "--sweep '%.60s': '%.20s' is no level", text, at);
        }
        out->levels[out->count++] = level;
        at = end;
    } while (*at == ',');
    return *at == '\0' ||
           error_set(err, ERROR_INPUT, "--sweep '%.60s' has '%.20s' behind its levels", text, at);
}
