/* report_json.c - a run and its samples as JSON: times in seconds, money in USD. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "bench/packs/packs.h"
#include "bench/report/machine.h"
#include "bench/report/report.h"

static void add_seconds(cJSON *object, const char *name, int64_t us)
{
    json_add_number(object, name, us < 0 ? NAN : (double)us / 1e6);
}

static const char *task_name(enum task task)
{
    return task == TASK_TEXT ? "text" : task == TASK_EDIT ? "edit" : "image";
}

static cJSON *target_json(const struct target *target)
{
    cJSON *json = cJSON_CreateObject();
    char size[32];

    cJSON_AddStringToObject(json, "name", target->name);
    cJSON_AddStringToObject(json, "provider", target->provider->name);
    cJSON_AddStringToObject(json, "model", target->model->id);
    cJSON_AddStringToObject(json, "task", task_name(target->task));
    if (target->task != TASK_TEXT && (target->size_set || !target->replayed)) {
        snprintf(size, sizeof size, "%dx%d", target->size.width, target->size.height);
        cJSON_AddStringToObject(json, "size", size);
    }
    if (target->quality) {
        cJSON_AddStringToObject(json, "quality", target->quality);
    }
    if (target->partial_images > 0) {
        cJSON_AddNumberToObject(json, "stream", target->partial_images);
    }
    if (target->replayed) {
        cJSON_AddBoolToObject(json, "replayed", true);
    }
    return json;
}

static cJSON *machine_json(void)
{
    cJSON *json = cJSON_CreateObject();
    struct machine machine;

    machine_read(&machine);
    cJSON_AddStringToObject(json, "system", machine.system);
    cJSON_AddStringToObject(json, "processor", machine.processor);
    cJSON_AddNumberToObject(json, "processors", (double)machine.processors);
    cJSON_AddNumberToObject(json, "memoryBytes", (double)machine.memory_bytes);
    cJSON_AddStringToObject(json, "httpLibrary", machine.http);
    return json;
}

/* Figures of the client itself: processor time, lag of its loop, pauses. */
static void add_client_figures(cJSON *json, const struct run_progress *progress)
{
    cJSON *lag;

    json_add_number(json, "cpuShare",
                    progress->now_us > 0 ? (double)progress->cpu_us / (double)progress->now_us
                                         : NAN);
    json_add_number(json, "loopShare",
                    progress->ended_us > 0
                        ? (double)progress->loop_cpu_us / (double)progress->ended_us
                        : NAN);
    add_seconds(json, "runQueueWait", progress->run_queue_wait_us);
    add_seconds(json, "pausedSeconds", progress->paused_us);
    cJSON_AddNumberToObject(json, "spilledResponses", (double)progress->spilled);
    lag = cJSON_AddObjectToObject(json, "loopLag");
    add_seconds(lag, "p50", progress->loop_lag_us[0]);
    add_seconds(lag, "p99", progress->loop_lag_us[1]);
    add_seconds(lag, "max", progress->loop_lag_us[2]);
}

cJSON *report_run(const struct report *report)
{
    const struct load_plan *plan = report->plan;
    const struct run_progress *progress = report->progress;
    cJSON *json = cJSON_CreateObject(), *targets;
    char began[25];

    clock_format(report->began_wall_ms, began);
    cJSON_AddNumberToObject(json, "schema", REPORT_SCHEMA);
    cJSON_AddStringToObject(json, "tool", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(json, "startedAt", began);
    cJSON_AddStringToObject(json, "command", report->command);
    cJSON_AddStringToObject(json, "load", plan->concurrency > 0 ? "closed" : "open");
    cJSON_AddNumberToObject(json, "concurrency", plan->concurrency);
    cJSON_AddNumberToObject(json, "rate", plan->rate);
    cJSON_AddStringToObject(json, "arrivals", plan->arrivals == ARRIVALS_EVEN ? "even" : "poisson");
    cJSON_AddNumberToObject(json, "warmUp", plan->warm_up);
    cJSON_AddNumberToObject(json, "seed", (double)plan->seed);
    cJSON_AddNumberToObject(json, "promptCount", plan->workload->prompt_count);
    if (plan->workload->packs) {
        cJSON *workload = cJSON_AddObjectToObject(json, "workload");

        cJSON_AddStringToObject(workload, "name", plan->workload->packs->name);
        cJSON_AddStringToObject(workload, "digest", plan->workload->packs->digest);
    }
    add_seconds(json, "duration", progress->ended_us);
    cJSON_AddNumberToObject(json, "maxInFlight", progress->in_flight_peak);
    json_add_number(json, "spentUsd",
                    progress->spent_unknown ? NAN : (double)progress->spent / 1e6);
    if (progress->stopped_why) {
        cJSON_AddStringToObject(json, "stopReason", progress->stopped_why);
    }
    add_client_figures(json, progress);
    cJSON_AddItemToObject(json, "machine", machine_json());
    targets = cJSON_AddArrayToObject(json, "targets");
    for (int i = 0; i < plan->target_count; i++) {
        cJSON_AddItemToArray(targets, target_json(&plan->targets[i]));
    }
    return json;
}

static void add_phases(cJSON *json, const struct sample *sample)
{
    const struct http_times *t = &sample->times;

    add_seconds(json, "dns", t->dns_us);
    add_seconds(json, "connected", t->connect_us);
    add_seconds(json, "tls", t->tls_us);
    add_seconds(json, "requestSent", t->pretransfer_us);
    add_seconds(json, "firstByte", t->first_byte_us);
    add_seconds(json, "firstPartialImage", sample->partials_received > 0 ? t->first_event_us : -1);
    cJSON_AddNumberToObject(json, "partialImages", sample->partials_received);
    add_seconds(json, "lastByte", sample->ended_us - sample->started_us);
    add_seconds(json, "parse", sample->read_us);
    add_seconds(json, "check", sample->check_us);
    add_seconds(json, "store", sample->store_us);
    json_add_number(json, "serverTime",
                    sample->processing_ms < 0 ? NAN : (double)sample->processing_ms / 1e3);
    add_seconds(json, "overhead", sample_overhead_us(sample));
    add_seconds(json, "receiveDelay", t->receive_delay_us);
    cJSON_AddBoolToObject(json, "connectionReused", t->reused);
}

static void add_usage(cJSON *json, const struct usage *usage)
{
    cJSON_AddNumberToObject(json, "inputTextTokens", (double)usage->text_in);
    cJSON_AddNumberToObject(json, "inputImageTokens", (double)usage->image_in);
    cJSON_AddNumberToObject(json, "outputTextTokens", (double)usage->text_out);
    cJSON_AddNumberToObject(json, "outputImageTokens", (double)usage->image_out);
}

/* Every sample has every key in the same order, because samples.csv has the same columns. */
cJSON *report_sample(const struct report *report, const struct sample *sample)
{
    cJSON *json = cJSON_CreateObject();
    char failed[IMAGE_CHECKS_TEXT];

    cJSON_AddNumberToObject(json, "sequence", sample->sequence);
    cJSON_AddStringToObject(json, "target", report->plan->targets[sample->entry.target].name);
    cJSON_AddNumberToObject(json, "block", sample->entry.block);
    cJSON_AddNumberToObject(json, "prompt", sample->entry.prompt);
    cJSON_AddBoolToObject(json, "warmUp", sample->warm_up);
    cJSON_AddStringToObject(json, "outcome", outcome_names[sample->outcome]);
    add_seconds(json, "due", sample->due_us);
    add_seconds(json, "slotIdle", sample->slot_idle_us);
    add_seconds(json, "started", sample->started_us);
    add_seconds(json, "timeToUsable",
                sample->outcome == OUTCOME_OK ? sample_usable_us(sample) : (int64_t)-1);
    add_phases(json, sample);
    cJSON_AddNumberToObject(json, "status", sample->status);
    cJSON_AddNumberToObject(json, "httpVersion", sample->http_version / 10.0);
    cJSON_AddNumberToObject(json, "responseBytes", (double)sample->bytes);
    cJSON_AddNumberToObject(json, "width", sample->width);
    cJSON_AddNumberToObject(json, "height", sample->height);
    if (sample->checked) {
        cJSON_AddStringToObject(json, "checksFailed",
                                image_checks_text(sample->checks_failed, failed));
    } else {
        cJSON_AddNullToObject(json, "checksFailed");
    }
    cJSON_AddBoolToObject(json, "accepted", sample->accepted);
    cJSON_AddStringToObject(json, "rejection", sample->rejection);
    add_usage(json, &sample->usage);
    json_add_number(json, "costUsd",
                    sample->cost_microusd < 0 ? NAN : (double)sample->cost_microusd / 1e6);
    cJSON_AddStringToObject(json, "requestId", sample->request_id);
    cJSON_AddStringToObject(json, "imageFile", sample->image);
    cJSON_AddStringToObject(json, "sha256", sample->sha256);
    cJSON_AddNumberToObject(json, "duplicateOf", sample->duplicate_of);
    cJSON_AddStringToObject(json, "error", sample->error);
    return json;
}
