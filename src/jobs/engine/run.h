/* run.h - one job under way, inside the engine: where it is, and what it waits for. */
#ifndef JOBS_ENGINE_RUN_H
#define JOBS_ENGINE_RUN_H
#include "jobs/engine/engine.h"
#include "jobs/engine/rate_limit.h"

enum {
    ENGINE_LINES = 4, /* different providers at once: image, features, A+ */
    LINE_RATES = 16   /* different models of one; of more, the others go unmeasured */
};

struct model_rate {
    const struct model *model; /* NULL: unused */
    struct rate_limit rate;
};

struct run;

struct line { /* before a provider: those who wait, first come first served */
    const struct provider *provider; /* NULL: this line is unused */
    struct concurrency_limit limit;
    struct model_rate rates[LINE_RATES];
    struct run *first, *last;
};

struct run {
    struct job job;
    struct engine *engine;
    struct run *next, *previous;   /* all that run */
    struct run *behind;            /* in a line */
    struct line *line;             /* the line it stands in, or whose place it takes */
    void (*then)(struct run *run); /* what follows when the op under way is done */
    struct op *under_way;          /* job.op or side; NULL: waits in a line */
    struct op side;                /* the engine's own: spool, record, fail, heavy ends */
    struct error error;            /* why it fails, or is stopped */
    enum error_kind stopping;      /* ERROR_STOPPED, ERROR_LOST; ERROR_NONE: goes on */
    bool admitted;                 /* counted by line->limit */
    bool replayed;                 /* the answer came from the spool */
    bool settling;                 /* telling the database that it failed */
    enum transition next_move;     /* what a heavy end said */
    int tries;                     /* of the step under way, in place */
    int64_t began_us, step_began_us, call_began_ms;
    int64_t rate_sent; /* calls to its model by then, this one too */
};

struct engine {
    struct engine_config config;
    struct run *runs;
    int running;
    struct line lines[ENGINE_LINES];
    uint32_t random;      /* for the jitter of retries */
    int64_t next_look_us; /* when deadlines are looked at again */
};

void run_begin(struct run *run);
void run_stop(struct run *run, enum error_kind why);
void run_admitted(struct run *run);                         /* its line has let it through */
void run_refused(struct run *run, const struct error *why); /* its line is closed */

/* Between the files of a run. */
const struct step *run_step(const struct run *run); /* the one under way */
const char *run_spool_path(const struct run *run);  /* of its answer */
void run_perform(struct run *run, struct op *op, void (*then)(struct run *run));
void run_replay(struct run *run); /* a paid step: look into the spool, then stand in line */
void run_ask(struct run *run);    /* performs job.op */
void run_read(struct run *run);   /* calls the step's end */
void run_fail(struct run *run);   /* run->error says why */

/* line.c */
void line_move(struct engine *engine, struct line *line); /* lets through whoever may go now */
void line_forget(struct line *line, struct run *run);     /* it waits no more, if it did */

/* For run.c: the engine's side. */
int64_t engine_now(const struct engine *engine);
uint32_t engine_random(struct engine *engine);
void engine_join(struct run *run); /* into the line of run->job.call.provider */
void engine_leave(struct run *run, const struct error *how);             /* the call has ended */
void engine_end(struct run *run, enum job_end ending, int64_t refunded); /* frees run */
#endif
