/* products_progress.c - shows the packs of many products. Called from the loop thread only. */
#include "demo/products/products_progress.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "demo/demo_progress.h"
#include "term/duration.h"

enum { SHOWN = 16 };

#define DOT " \xc2\xb7 "

void products_progress_begin(struct products_progress *progress, FILE *stream, int complete)
{
    *progress = (struct products_progress){ .stream = stream,
                                            .complete = complete,
                                            .began_us = clock_mono_us() };
    progress->term = term_is_live(stream) ? term_progress_begin(stream, stream) : NULL;
}

void products_progress_add(struct products_progress *progress, const char *sku, const char *project,
                           int expected)
{
    struct product_state *product;

    progress->products =
        xrealloc(progress->products, (size_t)(progress->count + 1) * sizeof *progress->products);
    product = &progress->products[progress->count++];
    *product = (struct product_state){ .sku = sku, .expected = expected };
    snprintf(product->project, sizeof product->project, "%s", project);
}

/* -- totals ---------------------------------------------------------------------------------- */

static bool has_ended(const struct product_state *product)
{
    return product->ended >= product->expected && product->running == 0;
}

static void totals_text(const struct products_progress *progress, char *out, size_t size)
{
    int packs = 0, missing = 0;
    int64_t ended = 0, left = 0;
    char time[60] = "";
    double fast, slow;
    size_t used;

    for (int i = 0; i < progress->count; i++) {
        const struct product_state *product = &progress->products[i];

        packs += has_ended(product) && product->failed == 0;
        missing += has_ended(product) && product->failed > 0;
        ended += product->ended;
        left += product->expected > product->ended ? product->expected - product->ended
                                                   : product->running;
    }
    used = (size_t)snprintf(out, size, "%d of %d packs", progress->complete + packs,
                            progress->complete + progress->count);
    if (missing > 0) {
        used += (size_t)snprintf(out + used, size - used, ", %d with missing parts", missing);
    }
    used += (size_t)snprintf(out + used, size - used, DOT "%lld of %lld parts", (long long)ended,
                             (long long)(ended + left));
    if (left > 0 && eta_remaining(&progress->eta, left, 0, &fast, &slow)) {
        duration_text(fast, slow, time, sizeof time);
        snprintf(out + used, size - used, DOT "%s left", time);
    }
}

/* -- rows ------------------------------------------------------------------------------------ */

static int rows_of(struct products_progress *progress, struct term_progress_row *out, char *totals,
                   size_t size)
{
    int count = 0;

    if (progress->phase[0]) {
        snprintf(totals, size, "%s", progress->phase);
    } else {
        totals_text(progress, totals, size);
    }
    out[count++] = (struct term_progress_row){ .name = "all products",
                                               .state = totals,
                                               .began_us = progress->began_us };
    for (int i = 0; i < progress->count && count <= SHOWN; i++) {
        const struct product_state *product = &progress->products[i];

        if (product->began_us != 0 && product->ended_us == 0) {
            out[count++] =
                (struct term_progress_row){ .name = product->sku,
                                            .state = product->state,
                                            .style = product->failed ? STYLE_BAD : STYLE_DIM,
                                            .began_us = product->began_us };
        }
    }
    return count;
}

static int64_t ended_jobs(const struct products_progress *progress)
{
    int64_t ended = 0;

    for (int i = 0; i < progress->count; i++) {
        ended += progress->products[i].ended;
    }
    return ended;
}

void products_progress_draw(struct products_progress *progress)
{
    struct term_progress_row rows[SHOWN + 1];
    char totals[PRODUCT_STATE * 2];

    if (!progress->phase[0]) {
        eta_add_sample(&progress->eta, clock_mono_us(), ended_jobs(progress));
    }
    if (progress->term) {
        int count = rows_of(progress, rows, totals, sizeof totals);

        term_progress_update(progress->term, rows, count);
    }
}

void products_progress_set_phase(struct products_progress *progress, const char *phase)
{
    bool is_new = strcmp(progress->phase, phase) != 0;

    snprintf(progress->phase, sizeof progress->phase, "%s", phase);
    products_progress_draw(progress);
    if (progress->term) {
        term_progress_draw(progress->term); /* the caller is about to block, so draw now */
    } else if (progress->stream && is_new && phase[0]) {
        fprintf(progress->stream, "all products: %s\n", phase);
    }
}

void products_progress_end(struct products_progress *progress)
{
    struct term_progress_row rows[SHOWN + 1];
    char totals[PRODUCT_STATE * 2];

    if (progress->term) {
        progress->phase[0] = '\0';
        rows_of(progress, rows, totals, sizeof totals);
        rows[0].ended_us = clock_mono_us();
        term_progress_end(progress->term, rows, 1);
    }
    free(progress->products);
    *progress = (struct products_progress){ 0 };
}

/* -- jobs ------------------------------------------------------------------------------------ */

/* Prints a line for a product whose last job has ended, above the rows. The summary at the end says
 * what is missing. */
static void end_product(struct products_progress *progress, struct product_state *product)
{
    char totals[PRODUCT_STATE * 2], line[PRODUCT_STATE * 4];

    product->ended_us = clock_mono_us();
    totals_text(progress, totals, sizeof totals);
    if (product->failed > 0) {
        snprintf(line, sizeof line, "%.100s: \xe2\x9c\x97 %d part%s missing (%.1f s)" DOT "%s",
                 product->sku, product->failed, product->failed == 1 ? "" : "s",
                 (double)(product->ended_us - product->began_us) / 1e6, totals);
    } else {
        snprintf(line, sizeof line, "%.100s: \xe2\x9c\x93 made (%.1f s)" DOT "%s", product->sku,
                 (double)(product->ended_us - product->began_us) / 1e6, totals);
    }
    if (progress->term) {
        term_progress_note(progress->term, line);
    } else if (progress->stream) {
        fprintf(progress->stream, "%s\n", term_text(line, false));
    }
}

static struct product_state *product_of(struct products_progress *progress, const struct job *job)
{
    cJSON *payload = cJSON_Parse(job->claimed.payload);
    const char *project = json_peek_text(payload, "projectId");
    struct product_state *found = NULL;

    for (int i = 0; project && i < progress->count && !found; i++) {
        found = strcmp(progress->products[i].project, project) == 0 ? &progress->products[i] : NULL;
    }
    cJSON_Delete(payload);
    return found;
}

static void on_step(const struct job *job, const char *step, void *context)
{
    struct products_progress *progress = context;
    struct product_state *product = product_of(progress, job);
    char title[PROGRESS_NAME];

    if (!product) {
        return;
    }
    if (job->step == 0) {
        product->running++;
    }
    product->began_us = product->began_us ? product->began_us : clock_mono_us();
    product->ended_us = 0;
    if (product->failed == 0) {
        demo_progress_job_name(job, title, sizeof title);
        snprintf(product->state, sizeof product->state, "%d of %d jobs" DOT "%s: %s",
                 product->ended, product->expected, title, demo_progress_step_text(step));
    }
    products_progress_draw(progress);
}

static void on_end(const struct job *job, enum job_end ending, const struct error *error,
                   int64_t refunded, int64_t duration_us, void *context)
{
    struct products_progress *progress = context;
    struct product_state *product = product_of(progress, job);
    char title[PROGRESS_NAME];

    (void)refunded;
    (void)duration_us;
    if (!product) {
        return;
    }
    product->running -= product->running > 0;
    product->ended += ending == JOB_COMPLETED || ending == JOB_FAILED;
    demo_progress_job_name(job, title, sizeof title);
    if (ending == JOB_FAILED && product->failed++ == 0) {
        snprintf(product->state, sizeof product->state, "%.40s: %.110s", title, error->text);
    } else if ((ending == JOB_RETRY_LATER || ending == JOB_WAITS) && product->failed == 0) {
        snprintf(product->state, sizeof product->state, "%.40s will be retried: %.90s", title,
                 error->text);
    }
    if (has_ended(product)) {
        end_product(progress, product);
    }
    products_progress_draw(progress);
}

struct engine_callbacks products_progress_callbacks(struct products_progress *progress)
{
    return (
        struct engine_callbacks){ .step_began = on_step, .job_ended = on_end, .context = progress };
}
