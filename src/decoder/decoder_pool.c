/* decoder_pool.c - hands images to idle decoder processes, and replaces processes that end. */
#include "decoder/decoder_pool.h"

#include <pthread.h>
#include <unistd.h>

#include "decoder/decoder_buffer.h"
#include "decoder/decoder_process.h"
#include "decoder/decoder_server.h"

enum {
    PROCESSES_MAX = 8,
    ATTEMPTS = 2, /* of an image whose process was ended by something else */
    START_TIMEOUT_MS = 60000,
    CPU_SECONDS = 30,
    TIMEOUT_MS = 120000
};

struct pool_slot {
    struct decoder_process process;
    bool busy;
};

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t idle; /* a slot has become idle */
    struct decoder_pool_config config;
    struct decoder_program program;
    struct pool_slot slots[PROCESSES_MAX];
    struct decoder_pool_state state;
    int users; /* calls of decoder_pool_open without a close */
} pool = { .mutex = PTHREAD_MUTEX_INITIALIZER, .idle = PTHREAD_COND_INITIALIZER };

static const char *const default_argv[] = { "darkroom", DECODER_COMMAND, NULL };

static struct pool_slot *idle_slot(void)
{
    for (int i = 0; i < pool.config.processes; i++) {
        if (!pool.slots[i].busy) {
            return &pool.slots[i];
        }
    }
    return NULL;
}

static struct pool_slot *take_slot(void)
{
    struct pool_slot *slot;

    pthread_mutex_lock(&pool.mutex);
    while (!(slot = idle_slot())) {
        pthread_cond_wait(&pool.idle, &pool.mutex);
    }
    slot->busy = true;
    pthread_mutex_unlock(&pool.mutex);
    return slot;
}

static void return_slot(struct pool_slot *slot, enum decode_outcome outcome,
                        const struct error *err)
{
    pthread_mutex_lock(&pool.mutex);
    slot->busy = false;
    pool.state.images += outcome == DECODE_DONE;
    pool.state.failed += outcome == DECODE_REFUSED && err->kind == ERROR_INPUT;
    pthread_cond_signal(&pool.idle);
    pthread_mutex_unlock(&pool.mutex);
}

static void count_lost(void)
{
    pthread_mutex_lock(&pool.mutex);
    pool.state.lost++;
    pthread_mutex_unlock(&pool.mutex);
}

static bool ensure_ready(struct decoder_process *process, struct error *err)
{
    return (process->pid > 0 || decoder_process_start(process, &pool.program, err)) &&
           decoder_process_wait(process, START_TIMEOUT_MS, err);
}

static bool pool_decode(const struct blob *file, const struct decode_plan *plan, struct image *out,
                        struct error *err)
{
    struct pool_slot *slot = take_slot();
    enum decode_outcome outcome = DECODE_LOST;

    for (int attempt = 0; attempt < ATTEMPTS && outcome == DECODE_LOST; attempt++) {
        if (ensure_ready(&slot->process, err)) {
            outcome = decoder_process_decode(&slot->process, file, plan, pool.config.cpu_seconds,
                                             pool.config.timeout_ms, out, err);
        }
        if (outcome == DECODE_LOST) {
            count_lost();
        }
    }
    return_slot(slot, outcome, err);
    return outcome == DECODE_DONE;
}

static void set_config(const struct decoder_pool_config *config)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int processes = config->processes > 0 ? config->processes : (int)processors;

    pool.config = *config;
    pool.config.processes = processes < 1               ? 1
                            : processes < PROCESSES_MAX ? processes
                                                        : PROCESSES_MAX;
    pool.program = (struct decoder_program){ .argv = config->argv ? config->argv : default_argv,
                                             .idle = config->idle };
    pool.config.cpu_seconds = config->cpu_seconds > 0 ? config->cpu_seconds : CPU_SECONDS;
    pool.config.timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : TIMEOUT_MS;
}

static void end_all(void)
{
    for (int i = 0; i < pool.config.processes; i++) {
        decoder_process_end(&pool.slots[i].process);
    }
}

bool decoder_pool_open(const struct decoder_pool_config *config, struct error *err)
{
    struct decoder_process *first = &pool.slots[0].process;

    if (pool.users++ > 0) {
        return true;
    }
    set_config(config);
    for (int i = 0; i < pool.config.processes; i++) {
        struct decoder_process *process = &pool.slots[i].process;

        /* One that cannot be started now is started when an image needs it. */
        if (!decoder_process_start(process, &pool.program, err) && i == 0) {
            pool.users--;
            return false;
        }
    }
    if (!decoder_process_wait(first, START_TIMEOUT_MS, err)) {
        end_all();
        pool.users--;
        return false;
    }
    pool.state = (struct decoder_pool_state){ .processes = pool.config.processes,
                                              .seccomp_error = first->state.seccomp_error,
                                              .memory_error = first->state.memory_error };
    decoder_buffers_keep(pool.config.processes);
    image_decoder_set(pool_decode);
    return true;
}

void decoder_pool_close(void)
{
    if (pool.users == 0 || --pool.users > 0) {
        return;
    }
    image_decoder_set(NULL);
    end_all();
    decoder_buffers_keep(0);
}

struct decoder_pool_state decoder_pool_state(void)
{
    struct decoder_pool_state state;

    pthread_mutex_lock(&pool.mutex);
    state = pool.state;
    pthread_mutex_unlock(&pool.mutex);
    return state;
}
