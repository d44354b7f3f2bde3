/* latency_profile.c - latency of past calls, and the timeouts derived from it. */
#include "app/latency_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/file.h"

enum { FILE_BYTES = 1 << 20, DAYS = 14 };

static bool from_file(const char *path, struct profile *out, struct error *err)
{
    struct blob file = { 0 };
    bool good = file_read(path, FILE_BYTES, &file, NULL, err) &&
                profile_read((const char *)file.data, file.size, out, err);

    if (!good && err->kind == ERROR_INTERNAL) { /* cannot be read: an operator must act */
        err->kind = ERROR_CONFIG;
    }
    blob_free(&file);
    return good;
}

static bool from_database(struct sql_session *session, int days, struct profile *out,
                          struct error *err)
{
    char text[12];
    const char *params[] = { text };
    struct blob value;
    bool good;

    snprintf(text, sizeof text, "%d", days);
    if (!sql_query(session, (const char *)embed_find("sql/queries/profile.sql")->data, 1, params,
                   &value, err)) {
        return false;
    }
    good = profile_read((const char *)value.data, value.size, out, err);
    if (!good) {
        err->kind = ERROR_REMOTE;
    }
    blob_free(&value);
    return good;
}

bool latency_profile_load(const struct settings *settings, struct sql_session *session, int days,
                          struct profile **out, struct error *err)
{
    const char *path = setting_text(settings, "profile");
    struct profile *profile = xcalloc(1, sizeof *profile);

    *out = NULL;
    if (!(path ? from_file(path, profile, err) : from_database(session, days, profile, err))) {
        free(profile);
        return false;
    }
    *out = profile;
    return true;
}

static void log_timeouts(const struct worker_setup *worker_setup)
{
    const struct job_context *job_context = &worker_setup->job_context;
    const struct model *models[] = { job_context->image.model, job_context->features.model,
                                     job_context->aplus.model };
    const enum task tasks[] = { TASK_EDIT, TASK_TEXT, TASK_TEXT };

    for (int i = 0; i < 3; i++) {
        const struct profile_call *call = profile_find(worker_setup->profile, models[i]->id,
                                                       tasks[i], (struct size){ 0, 0 }, NULL);
        uint32_t wait = profile_timeout_ms(call, job_context->request_timeout_ms);

        if (wait < job_context->request_timeout_ms && (i == 0 || models[i] != models[i - 1])) {
            log_printf(LOG_INFO,
                       "calls to '%s' time out after %u s: the last %lld had a median of "
                       "%.1f s and a p99 of %.1f s",
                       models[i]->id, wait / 1000, (long long)call->count, call->p50, call->p99);
        }
    }
}

bool latency_profile_apply(const struct settings *settings, struct sql_session *session,
                           struct worker_setup *worker_setup, struct error *err)
{
    if (strcmp(setting_source(settings, "request-timeout"), "default") != 0) {
        return true;
    }
    if (!latency_profile_load(settings, session, DAYS, &worker_setup->profile, err)) {
        if (err->kind != ERROR_REMOTE) {
            return false;
        }
        log_event(LOG_WARNING, "calls time out after --request-timeout: past calls are unreadable",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", err->text) }, 1);
        *err = (struct error){ .kind = ERROR_NONE };
        return true;
    }
    worker_setup->job_context.profile = worker_setup->profile;
    log_timeouts(worker_setup);
    return true;
}
