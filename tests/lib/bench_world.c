/* bench_world.c - handles events in order; the clock jumps from one to the next. */
#include "lib/bench_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "model/prompt.h"

struct event {
    struct event *next;
    int64_t at_us;
    struct op *op; /* a response; NULL for the end of background work */
    op_done_fn on_response;
    struct work_request ask;
    void (*worked)(void *context, const struct error *err);
    void *context;
    bool rate_limited;
};

static const char features[] =
    "{\"features\":[{\"title\":\"a\",\"description\":\"b\",\"priority\":1,\"icon\":\"c\"},"
    "{\"title\":\"d\",\"description\":\"e\",\"priority\":2,\"icon\":\"f\"},"
    "{\"title\":\"g\",\"description\":\"h\",\"priority\":3,\"icon\":\"i\"},"
    "{\"title\":\"j\",\"description\":\"k\",\"priority\":4,\"icon\":\"l\"},"
    "{\"title\":\"m\",\"description\":\"n\",\"priority\":5,\"icon\":\"o\"}]}";
static const char *prompts[] = { "a steel bottle", "a lamp" };
static const struct workload workload = { .prompts = prompts, .prompt_count = 2 };
static struct prompts *templates;

/* -- the provider ------------------------------------------------------------------------------ */

static bool build_request(const struct model_request *request, struct op *op, struct error *err)
{
    (void)err;
    op->kind = OP_HTTP;
    op->http.url = request->model->id;
    return true;
}

static enum read_result read_response(const struct model_request *request, struct op *op,
                                      struct model_result *out, struct error *err)
{
    (void)request;
    if (op->http_response.status == 429) {
        error_set(err, ERROR_BUSY, "too many requests");
        return READ_FAILED;
    }
    out->usage = (struct usage){ 0, 0, 0, 0, WORLD_TOKENS, 0, 0 };
    return blob_copy(&out->content, features, sizeof features - 1, err) ? READ_DONE : READ_FAILED;
}

static const struct provider provider = { .name = "world",
                                          .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,
                                          .request = build_request,
                                          .read_response = read_response };
#define MODEL(name)                                                                                \
    {                                                                                              \
        .id = name, .provider = "world", .tasks = TASK_IMAGE | TASK_EDIT | TASK_TEXT,              \
        .prompt_max = 30000, .prices = { 1, 1, 1, 1, 1, 1 }, .usd_per_image = -1                   \
    }
static const struct model models[] = { MODEL("0"), MODEL("1"), MODEL("2") };

void bench_world_targets(struct bench_world *world, struct target *targets, int count)
{
    for (int i = 0; i < count; i++) {
        targets[i] = (struct target){ .provider = &provider,
                                      .model = &models[i],
                                      .task = TASK_TEXT,
                                      .max_microusd = 2 * WORLD_TOKENS };
        snprintf(targets[i].name, sizeof targets[i].name, "target %d", i);
    }
    world->targets = targets;
}

struct load_plan bench_world_plan(const struct bench_world *world, int count)
{
    struct error err;

    if (!templates && !prompts_load(NULL, &templates, &err)) {
        abort();
    }
    return (struct load_plan){ .targets = world->targets,
                               .target_count = count,
                               .workload = &workload,
                               .prompts = templates,
                               .in_flight_max = 100000,
                               .cost_limit = -1,
                               .timeout_ms = 600000,
                               .seed = 1 };
}

/* -- events ------------------------------------------------------------------------------------ */

static struct event *event_new(struct bench_world *world, int64_t at_us)
{
    struct event *event = calloc(1, sizeof *event), **at = &world->events;

    if (!event) {
        abort();
    }
    event->at_us = at_us;
    while (*at && (*at)->at_us <= at_us) {
        at = &(*at)->next;
    }
    event->next = *at;
    *at = event;
    return event;
}

/* Returns the time of the response. A stalled provider neither reads requests nor sends responses.
 */
static int64_t response_time(const struct bench_world *world, int64_t duration_us)
{
    const struct world_span *stall = &world->stall;
    int64_t begun = world->now_us, ends;

    if (begun >= stall->from && begun < stall->until) {
        begun = stall->until;
    }
    ends = begun + duration_us;
    return ends >= stall->from && ends < stall->until ? stall->until : ends;
}

static void begin(struct performer *self, struct op *op, op_done_fn done, void *context)
{
    struct bench_world *world = (struct bench_world *)self;
    bool limited = random_uniform(&world->random) < world->rate_limited_share;
    double seconds = limited ? 0.0001 : world->latency(world, atoi(op->http.url));
    struct event *event = event_new(world, response_time(world, (int64_t)(seconds * 1e6)));

    op->began_us = world->now_us;
    world->requests++;
    world->in_flight++;
    if (world->in_flight > world->max_in_flight) {
        world->max_in_flight = world->in_flight;
    }
    event->op = op;
    event->on_response = done;
    event->context = context;
    event->rate_limited = limited;
}

static void cancel(struct performer *self, struct op *op)
{
    struct bench_world *world = (struct bench_world *)self;

    for (struct event *at = world->events; at; at = at->next) {
        if (at->op == op) {
            error_set(&op->error, ERROR_STOPPED, "stopped");
        }
    }
}

static void work(void *context, const struct work_request *ask_for,
                 void (*done)(void *context, const struct error *err), void *done_context)
{
    struct bench_world *world = context;
    struct event *event = event_new(world, world->now_us + world->evaluation_us);

    if (++world->working > world->run_clock.max_parallel) {
        abort(); /* exceeds max_parallel */
    }
    event->ask = *ask_for;
    event->worked = done;
    event->context = done_context;
}

static void deliver_response(struct bench_world *world, struct event *event)
{
    struct op *op = event->op;
    struct http_response *response = &op->http_response;
    struct error err;

    op->ended_us = world->now_us;
    response->request_sent = true;
    response->times = (struct http_times){ .total_us = op->ended_us - op->began_us };
    response->processing_ms = -1;
    if (op->error.kind == ERROR_NONE && world->drops) {
        error_set(&op->error, ERROR_NETWORK, "the connection broke");
    } else if (op->error.kind == ERROR_NONE) {
        response->status = event->rate_limited ? 429 : 200;
        if (!blob_new(&response->body, (size_t)world->answer_bytes + 1, &err)) {
            abort();
        }
        memset(response->body.data, 0, response->body.size);
        response->body_bytes = response->body.size;
    }
    world->in_flight--;
    world->responses++;
    event->on_response(op, event->context);
    if (world->at_answer) {
        world->at_answer(world);
    }
}

static void handle_event(struct bench_world *world, struct event *event)
{
    struct error err = { .kind = ERROR_NONE };

    if (event->op) {
        deliver_response(world, event);
    } else {
        event->ask.run(event->ask.arg, &err);
        world->working--;
        event->worked(event->context, &err);
    }
    free(event);
}

/* -- the clock --------------------------------------------------------------------------------- */

static int64_t now_us(void *context)
{
    return ((struct bench_world *)context)->now_us;
}

static void wait_until(void *context, int64_t at_us)
{
    struct bench_world *world = context;
    struct event *event = world->events;
    int64_t next_us = event && event->at_us < at_us ? event->at_us : at_us;

    if (next_us >= world->client_pause.from && next_us < world->client_pause.until) {
        next_us = world->client_pause.until;
    }
    if (next_us > world->now_us) {
        world->now_us = next_us;
    }
    if (event && event->at_us <= world->now_us) {
        world->events = event->next;
        handle_event(world, event);
    }
}

void bench_world_begin(struct bench_world *world, uint64_t seed)
{
    *world = (struct bench_world){ .random = seed, .now_us = 5000000, .evaluation_us = 1000 };
    world->performer = (struct performer){ .begin = begin, .cancel = cancel };
    world->run_clock = (struct run_clock){ .now_us = now_us,
                                           .wait_until = wait_until,
                                           .work = work,
                                           .max_parallel = 2,
                                           .context = world };
}

struct runner *bench_world_run(struct bench_world *world, const struct load_plan *plan)
{
    world->runner = runner_new(&world->run_clock, &world->performer, plan, NULL, NULL);
    runner_run(world->runner);
    return world->runner;
}

void bench_world_end(void)
{
    prompts_free(templates);
    templates = NULL;
}
