/* dashboard_internal.h - the state of the dashboard, one request, its reply, and the handlers. */
#ifndef DASHBOARD_DASHBOARD_INTERNAL_H
#define DASHBOARD_DASHBOARD_INTERNAL_H
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "dashboard/dashboard.h"
#include "dashboard/live_feed.h"
#include "dashboard/session_pool.h"
#include "dashboard/thumbnail_service.h"

enum {
    DASHBOARD_CONNECTIONS = 64,
    DASHBOARD_HEADER_BYTES = 32 * 1024,
    DASHBOARD_BODY_BYTES = 16 * 1024,
    DASHBOARD_REPLY_BYTES = 8 << 20,
    DASHBOARD_NOTES = 32
};

struct dashboard_note {
    const char *message;
    struct log_field fields[6]; /* their texts are owned */
    int field_count;
};

struct dashboard {
    struct dashboard_config config;
    struct MHD_Daemon *daemon;
    int port;
    char cookie_name[32];
    char policy[700]; /* header Content-Security-Policy */
    struct live_feed *feed;
    struct session_pool *live_pool;       /* of the monitor */
    struct session_pool *pool;            /* of requests */
    struct thumbnail_service *thumbnails; /* NULL: none */
    pthread_t monitor;
    bool monitor_started;
    volatile sig_atomic_t stop;
    _Atomic int64_t tick_us;        /* clock_mono_us of the last dashboard_tick; 0: none yet */
    _Atomic int64_t wrong_token_us; /* when one was noted last; 0: never */
    atomic_bool draining;

    pthread_mutex_t lock;                         /* guards everything below */
    struct dashboard_note notes[DASHBOARD_NOTES]; /* for the log */
    int note_count;
    int64_t ready_us; /* when `ready` was read; 0: never */
    char *ready;      /* reply of /readyz with details; owned */
    bool is_ready;
};

struct reply {
    unsigned status;
    const char *type;
    struct text body;
    const char *location; /* of a redirect; NULL: none */
    bool sets_cookie;
    bool may_be_cached;          /* by the browser, if it asks again each time */
    bool stays_cached;           /* by the browser, for an hour */
    struct MHD_Response *stream; /* replaces the body; NULL: none */
};

enum admission { NOT_ADMITTED, ADMITTED_BY_COOKIE, ADMITTED_BY_HEADER };

struct dashboard_request {
    struct dashboard *dashboard;
    struct MHD_Connection *connection;
    const char *path, *method;
    enum admission admitted;
    struct text body;
};

/* -- dashboard_request.c */

/* Header and parameter of the URL; NULL if missing, or with a zero byte or invalid UTF-8 inside. */
const char *dashboard_header(const struct dashboard_request *request, const char *name);
const char *dashboard_parameter(const struct dashboard_request *request, const char *name);
enum admission dashboard_admission(const struct dashboard_request *request);

/* -- reply.c */

void reply_text(struct reply *reply, unsigned status, const char *text);
/* {"error": text} */
void reply_error(struct reply *reply, unsigned status, const char *text);
void reply_json(struct reply *reply, const cJSON *json);
/* The status that fits the error, and its text. */
void reply_failure(struct reply *reply, const struct error *err);
/* Runs a statement that reads, and replies with its JSON; with `missing` if it returns null. */
void reply_query(struct dashboard_request *request, const char *statement, int param_count,
                 const char *const *params, const char *missing, struct reply *reply);
void reply_file(struct reply *reply, const char *name); /* of assets/dashboard */
enum MHD_Result reply_send(const struct dashboard_request *request, struct reply *reply);

/* -- dashboard_routes.c, and the handlers */

void route_request(struct dashboard_request *request, struct reply *reply);
void serve_health(struct dashboard_request *request, struct reply *reply);
void serve_readiness(struct dashboard_request *request, struct reply *reply);
void serve_metrics(struct dashboard_request *request, struct reply *reply);
void serve_live(struct dashboard_request *request, struct reply *reply);
void serve_jobs(struct dashboard_request *request, struct reply *reply);
void serve_models(struct dashboard_request *request, struct reply *reply);
void serve_image(struct dashboard_request *request, struct reply *reply);
void serve_actions(struct dashboard_request *request, struct reply *reply);
void serve_batches(struct dashboard_request *request, struct reply *reply);
void serve_review(struct dashboard_request *request, struct reply *reply);
void serve_thumbnail(struct dashboard_request *request, struct reply *reply);
/* True for an id as Postgres writes it: 36 characters, lower case. */
bool is_job_id(const char *text);

/* -- monitor.c: the thread that reads the database while a browser is connected */

void *monitor_run(void *dashboard);

/* -- dashboard_note.c */

/* Leaves a line for the log to the next dashboard_tick; drops it if too many wait. Copies the texts
 * of the fields, at most 6, and leaves out empty ones. `message` and the names must be constant. */
void dashboard_note(struct dashboard *dashboard, const char *message,
                    const struct log_field *fields, int field_count);
void dashboard_log_notes(struct dashboard *dashboard);
#endif
