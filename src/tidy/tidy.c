/* tidy.c - the kinds of what can be removed; deletes rows of the database. */
#include "tidy/tidy.h"

#include <stdio.h>

#include "tidy/tidy_internal.h"

const struct tidy_kind tidy_kinds[] = {
    { "object", "objects that no row names", TIDY_OBJECTS, NULL },
    { "slot", "slots of deleted projects", TIDY_ROWS, NULL },
    { "product_features", "product features of deleted projects", TIDY_ROWS, NULL },
    { "image_detail", "details of deleted images", TIDY_ROWS, NULL },
    { "child_job", "ids of deleted child jobs", TIDY_ROWS, NULL },
    { "pack", "records of deleted packs", TIDY_ROWS, NULL },
    { "claimed_job", "records of deleted jobs", TIDY_ROWS, NULL },
    { "job", "finished jobs", TIDY_ROWS, "keep-jobs" },
    { "model_call", "model calls", TIDY_ROWS, "keep-calls" },
    { "job_failure", "failed attempts", TIDY_ROWS, "keep-calls" },
    { "webhook_event", "events of webhooks", TIDY_ROWS, NULL },
    { "deleted_rejection", "rejected answers of deleted jobs", TIDY_ROWS, NULL },
    { "rejection", "rejected answers", TIDY_ROWS, "keep-calls" },
    { "kept_answer", "records of kept answers", TIDY_ROWS, "keep-spool" },
    { "spool", "spooled answers", TIDY_SPOOL, "keep-spool" },
    { 0 },
};

bool tidy_kind_selected(const struct tidy *tidy, const struct tidy_kind *kind)
{
    return !kind->days_setting || setting_int(tidy->settings, kind->days_setting) > 0;
}

static int64_t days_of(const struct tidy *tidy, const struct tidy_kind *kind)
{
    return kind->days_setting ? setting_int(tidy->settings, kind->days_setting) : 0;
}

static bool query_rows(struct tidy *tidy, const char *statement, const struct tidy_kind *kind,
                       struct tidy_result *out, struct error *err)
{
    char days[24];
    const char *params[] = { kind->name, days };
    cJSON *answer;

    snprintf(days, sizeof days, "%lld", (long long)days_of(tidy, kind));
    if (!database_query(tidy->session, statement, 2, params, &answer, err)) {
        return false;
    }
    out->count = json_peek_int(answer, "count", 0);
    out->bytes = json_peek_int(answer, "bytes", 0);
    cJSON_Delete(answer);
    return true;
}

static bool delete_rows(struct tidy *tidy, const struct tidy_kind *kind, struct tidy_result *out,
                        struct error *err)
{
    struct tidy_result step = { .count = 1 };

    while (step.count > 0 && !*tidy->stop) {
        if (!query_rows(tidy, "tidy_delete", kind, &step, err)) {
            return false;
        }
        out->count += step.count;
        out->bytes += step.bytes;
        tidy->on_step(tidy->context);
    }
    return true;
}

bool tidy_count(struct tidy *tidy, const struct tidy_kind *kind, struct tidy_result *out,
                struct error *err)
{
    *out = (struct tidy_result){ 0 };
    switch (kind->source) {
    case TIDY_OBJECTS:
        return tidy_count_objects(tidy, out, err);
    case TIDY_SPOOL:
        return tidy_spool(tidy, days_of(tidy, kind), false, out, err);
    default:
        return query_rows(tidy, "tidy_count", kind, out, err);
    }
}

bool tidy_remove(struct tidy *tidy, const struct tidy_kind *kind, struct tidy_result *out,
                 struct error *err)
{
    *out = (struct tidy_result){ 0 };
    switch (kind->source) {
    case TIDY_OBJECTS:
        return tidy_remove_objects(tidy, out, err);
    case TIDY_SPOOL:
        return tidy_spool(tidy, days_of(tidy, kind), true, out, err);
    default:
        return delete_rows(tidy, kind, out, err);
    }
}
