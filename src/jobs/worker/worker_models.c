/* worker_models.c - what the provider's list of models adds to the catalog, at the start and once a
 * day: shutdown dates, and dated versions of known models. Without the list the catalog stays as it
 * is. With --replace-retired, a model that the provider no longer offers is replaced here. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/engine/model_call.h"
#include "jobs/worker/worker_services.h"

enum {
    DAY_MS = 24 * 3600 * 1000,
    MOST_LISTED = 2000,
    LIST_TIMEOUT_MS = 20 * 1000,
    LIST_BYTES = 1 << 20,
    SOON_DAYS = 30
};

static const struct job_context *job_context_of(const struct worker *worker)
{
    return worker->config.engine.job_context;
}

static int64_t now_ms(const struct worker *worker)
{
    struct performer *performer = worker->config.performer;

    return performer->now_ms(performer);
}

/* The providers that this worker calls by its own settings, one after the other. */
static const struct model_endpoint *listed_endpoint(const struct worker *worker, int index)
{
    const struct job_context *job_context = job_context_of(worker);

    return index == 0 ? &job_context->image
           : index == 1 && job_context->aplus.provider != job_context->image.provider
               ? &job_context->aplus
               : NULL;
}

static void warn_of_shutdown(const struct model *model)
{
    int64_t days = model->shutdown ? (clock_parse_date(model->shutdown) - clock_wall_ms()) / DAY_MS
                                   : SOON_DAYS;

    if (days < SOON_DAYS) {
        log_event(LOG_WARNING, "the provider shuts down a model of this worker",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("model", model->id), LOG_TEXT_FIELD("date", model->shutdown),
                      LOG_TEXT_FIELD("successor", model->replacement ? model->replacement : "") },
                  3);
    }
}

static void take_list(struct worker *worker, const struct provider *provider,
                      const struct listed_model *list, int count)
{
    const struct job_context *job_context = job_context_of(worker);
    const struct model *own[] = { job_context->image.model, job_context->features.model,
                                  job_context->aplus.model };
    int added = 0, dates = 0;

    for (int i = 0; i < count; i++) {
        const struct model *known = catalog_find(job_context->catalog, list[i].id);
        const struct model *model = catalog_add_dated(job_context->catalog, list[i].id);

        if (!model || strcmp(model->provider, provider->name) != 0) {
            continue;
        }
        added += known == NULL;
        if (list[i].shutdown[0] &&
            catalog_set_shutdown(job_context->catalog, model, list[i].shutdown)) {
            dates++;
            for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
                if (own[k] == model) {
                    warn_of_shutdown(model);
                }
            }
        }
    }
    log_event(LOG_DEBUG, "read the provider's list of models",
              (struct log_field[]){
                  LOG_TEXT_FIELD("provider", provider->name), LOG_NUMBER_FIELD("models", count),
                  LOG_NUMBER_FIELD("new", added), LOG_NUMBER_FIELD("new_shutdown_dates", dates) },
              4);
}

static void list_done(struct op *op, void *context)
{
    struct worker *worker = context;
    const struct model_endpoint *endpoint = listed_endpoint(worker, worker->listed_endpoint);
    struct listed_model *list = arena_alloc(worker->model_list.arena, MOST_LISTED * sizeof *list);
    struct error err = op->error;
    int count = 0;

    if (err.kind == ERROR_NONE &&
        endpoint->provider->read_models(&endpoint->endpoint, op, list, MOST_LISTED, &count, &err)) {
        take_list(worker, endpoint->provider, list, count);
    } else {
        log_event(LOG_DEBUG, "no list of models: the catalog stays as it is",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", err.text) }, 1);
    }
    pending_query_close(&worker->model_list);
    worker->listed_endpoint++;
}

void worker_models_tick(struct worker *worker)
{
    struct pending_query *query = &worker->model_list;
    const struct model_endpoint *endpoint = listed_endpoint(worker, worker->listed_endpoint);

    if (query->arena || worker->stopped || now_ms(worker) < worker->next_list_ms) {
        return;
    }
    if (!endpoint) { /* all are read */
        worker->listed_endpoint = 0;
        worker->next_list_ms = now_ms(worker) + DAY_MS;
        return;
    }
    if (!endpoint->provider || !endpoint->provider->list_models ||
        !job_context_of(worker)->catalog) {
        worker->listed_endpoint++;
        return;
    }
    pending_query_open(query);
    endpoint->provider->list_models(&endpoint->endpoint, query->arena, &query->op);
    query->op.kind = OP_HTTP;
    query->op.timeout_ms = LIST_TIMEOUT_MS;
    query->op.http.method = "GET";
    query->op.http.max_response_bytes = LIST_BYTES;
    pending_query_begin(worker, query, list_done);
}

void worker_models_end(struct worker *worker)
{
    struct performer *performer = worker->config.performer;

    if (worker->model_list.arena) {
        performer->cancel(performer, &worker->model_list.op);
    }
    while (worker->model_list.arena) {
        loop_wait(worker->config.loop, 1000);
    }
}

void worker_model_retired(struct worker *worker, struct service *service)
{
    const struct job_context *job_context = job_context_of(worker);
    time_t now = (time_t)(clock_wall_ms() / 1000);
    struct tm day;
    char today[12];

    if (!job_context->replace_retired || service->kind != SERVICE_OF_MODEL ||
        !service->model->replacement || service->replaced) {
        return;
    }
    service->replaced = true;
    service->shutdown_before = service->model->shutdown;
    strftime(today, sizeof today, "%Y-%m-%d", gmtime_r(&now, &day));
    if (catalog_set_shutdown(job_context->catalog, service->model, today) ||
        model_in_use(job_context, service->model) != service->model) {
        log_event(LOG_WARNING, "the successor of a model is used from now on",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("model", service->model->id),
                      LOG_TEXT_FIELD("successor", model_in_use(job_context, service->model)->id) },
                  2);
    }
}

void worker_model_returned(struct worker *worker, struct service *service)
{
    if (service->replaced) {
        service->replaced = false;
        (void)catalog_set_shutdown(job_context_of(worker)->catalog, service->model,
                                   service->shutdown_before);
    }
}
