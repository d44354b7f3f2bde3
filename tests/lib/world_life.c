/* world_life.c - one life of a worker in the simulated world. */
#include "lib/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "jobs/engine/spool.h"
#include "telemetry/metrics.h"

static struct op *world_op; /* in flight; NULL: none */
static op_done_fn world_done;
static void *world_context;

static void world_begin(struct performer *self, struct op *op, op_done_fn done, void *context)
{
    (void)self;
    world_op = op;
    world_done = done;
    world_context = context;
}

static void world_cancel(struct performer *self, struct op *op)
{
    (void)self;
    (void)op;
}

static int64_t world_now(struct performer *self)
{
    (void)self;
    return clock_mono_us() / 1000;
}

static void world_ended(const struct job *job, enum job_end how, const struct error *why,
                        int64_t refunded_credits, int64_t duration_us, void *context)
{
    (void)job;
    (void)why;
    (void)refunded_credits;
    (void)duration_us;
    (void)context;
    world->end = how;
}

static const char world_rules[] =
    "{\"modules\":{\"standard-single-image-bullets\":\"300x300\"},\"marketplaces\":{\"amazon\":"
    "{\"defaults\":{\"keep\":\"256x256\",\"format\":\"png\",\"quality\":\"low\",\"rounds\":3,"
    "\"checks\":{\"dimensions\":[100,9000],\"ratio\":[0.01],\"blank\":[2],\"alpha\":[]}},"
    "\"INFOGRAPHIC\":{\"needsFeatures\":true}}}}";

static void require(bool good, const struct error *err)
{
    if (!good) {
        fprintf(stderr, "%s\n", err->text);
        _exit(3);
    }
}

static void job_context_init(struct job_context *out)
{
    static char spool[80], store[80];
    static struct endpoint endpoints[8];
    struct model_endpoint endpoint = { .provider = provider_find("openai"),
                                       .endpoint = { .provider = provider_find("openai"),
                                                     .base_url = "http://model/v1",
                                                     .key = secret_new("sk-test") } };
    struct catalog *catalog = NULL;
    struct rules *rules = NULL;
    struct prompts *prompts = NULL;
    static struct spool_folder spool_folder;
    struct error err, problem;

    require(catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) &&
                rules_load(world_rules, &rules, &err) && prompts_load(NULL, &prompts, &err),
            &err);
    snprintf(spool, sizeof spool, "%s/spool", world_folder);
    snprintf(store, sizeof store, "%s/store", world_folder);
    require(spool_open(spool, &spool_folder, &problem, &err) && problem.kind == ERROR_NONE, &err);
    for (int i = 0; providers[i] && i < 8; i++) {
        endpoints[i] = providers[i] == endpoint.provider
                           ? endpoint.endpoint
                           : (struct endpoint){ .provider = providers[i] };
    }
    *out = (struct job_context){ .worker = "w",
                                 .catalog = catalog,
                                 .rules = rules,
                                 .prompts = prompts,
                                 .marketplace = "amazon",
                                 .image = endpoint,
                                 .features = endpoint,
                                 .aplus = endpoint,
                                 .endpoints = endpoints,
                                 .store = store_find("folder"),
                                 .store_target = { .base_url = "http://store", .folder = store },
                                 .bucket = "generated-images",
                                 .spool = spool,
                                 .spool_folder = &spool_folder,
                                 .retry_base_ms = 1,
                                 .request_timeout_ms = 1000 };
    out->image.model = catalog_default(catalog, "openai", "edit");
    out->features.model = catalog_default(catalog, "openai", "features");
    out->aplus.model = catalog_default(catalog, "openai", "aplus");
}

/* Processes one job, then ends the process. */
static void live(const char *type, const char *payload)
{
    struct performer performer = { .begin = world_begin,
                                   .cancel = world_cancel,
                                   .now_ms = world_now };
    struct job_context job_context;
    struct engine_config config = { .performer = &performer,
                                    .job_context = &job_context,
                                    .max_jobs = 1,
                                    .max_calls_per_provider = 1,
                                    .initial_pause_ms = 1,
                                    .callbacks = { .job_ended = world_ended } };
    struct claimed_job claimed = { .id = "11111111-1111-4111-8111-111111111111",
                                   .type = type,
                                   .payload = payload,
                                   .user_id = "u",
                                   .lease = 1,
                                   .attempt = 1,
                                   .max_retries = 3,
                                   .created_ms = 1790000000000 };
    struct metric_sample sample;
    struct engine *engine;

    job_context_init(&job_context);
    engine = engine_new(&config);
    engine_start(engine, &claimed, arena_new());
    while (world_op) {
        struct op *op = world_op;

        world_op = NULL;
        world->ops++;
        if (world->ops == world->die_at && !world->die_after) {
            _exit(DIED);
        }
        world_perform(op);
        if (world->ops == world->die_at) {
            _exit(DIED);
        }
        if (world->late_renewal && world->committed) {
            engine_lease_lost(engine, claimed.id, claimed.lease);
        }
        world_done(op, world_context);
        engine_tick(engine);
    }
    for (int i = 0; metric_read(METRIC_PROVIDER_TOKENS, i, &sample); i++) {
        world->counted_tokens += sample.value;
    }
    _exit(engine_running(engine) > 0 ? 4 : 0);
}

int world_life(const char *type, const char *payload)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        world->ops = 0;
        live(type, payload);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
