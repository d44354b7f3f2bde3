/* until_decided.c - pairs the answers of two targets by block. */
#include "bench/report/until_decided.h"

#include <stdlib.h>

#include "base/memory.h"

/* Enough that no evaluation thread is idle and short waits do not disturb the load. */
enum { WAITING_PER_SLOT = 2, WAITING_LEAST = 16 };

bool until_decided_plan(struct load_plan *plan, struct error *err)
{
    int waiting_max = plan->concurrency * WAITING_PER_SLOT;

    if (plan->target_count != 2 ||
        (plan->targets[0].task == TASK_TEXT) != (plan->targets[1].task == TASK_TEXT)) {
        return error_set(err, ERROR_INPUT,
                         "--until-decided compares two targets of one kind, images or text");
    }
    if (plan->requests == 0 || plan->concurrency == 0) {
        error_set(err, ERROR_INPUT, "--until-decided needs a largest number of requests");
        return error_hint(err, "Add --requests N, and remove --rate and --duration.");
    }
    plan->waiting_max = waiting_max > WAITING_LEAST ? waiting_max : WAITING_LEAST;
    return true;
}

void until_decided_begin(const struct load_plan *plan, struct until_decided *out)
{
    *out = (struct until_decided){ .plan = plan };
    out->blocks = xcalloc((size_t)plan->requests, sizeof *out->blocks);
    out->answered = xcalloc((size_t)plan->requests, 1);
}

static void read_sample(struct until_decided *decided, const struct sample *sample)
{
    int block = sample->entry.block - decided->plan->warm_up;
    struct sequential_answer answer = { .value = (double)sample_took_us(sample) / 1e6,
                                        .accepted = sample->accepted };

    if (sample->warm_up || block < 0 || block >= decided->plan->requests ||
        sample->outcome == OUTCOME_ABORTED || sample->outcome == OUTCOME_SHED) {
        return;
    }
    if (sample->entry.target == 0) {
        decided->blocks[block].a = answer;
    } else {
        decided->blocks[block].b = answer;
    }
    decided->answered[block] |= (unsigned char)(1 << sample->entry.target);
}

bool until_decided_update(struct until_decided *decided, const struct samples *samples)
{
    size_t planned = (size_t)decided->plan->requests, before = decided->complete;

    while (decided->seen < samples->count) {
        read_sample(decided, &samples->rows[decided->seen++]);
    }
    while (decided->complete < planned && decided->answered[decided->complete] == 3) {
        decided->complete++;
    }
    if (decided->complete > before && !decided->result.decided) {
        decided->result = sequential_compare(decided->blocks, decided->complete, planned);
    }
    return decided->result.decided;
}

void until_decided_end(struct until_decided *decided)
{
    free(decided->blocks);
    free(decided->answered);
    *decided = (struct until_decided){ .plan = NULL };
}
