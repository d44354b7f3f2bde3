/* latency_profile.h - the latency of past calls to models, from a file or from the database. */
#ifndef APP_LATENCY_PROFILE_H
#define APP_LATENCY_PROFILE_H
#include "app/database.h"
#include "app/worker_setup.h"

/* Reads the file of --profile; without it, what workers recorded in the last `days` days. The
 * caller frees *out with free(). */
bool latency_profile_load(const struct settings *settings, struct sql_session *session, int days,
                          struct profile **out, struct error *err) MUST_CHECK;

/* Derives timeouts of a worker from the profile and logs them. Does nothing if request-timeout is
 * set explicitly, or, with a warning, if the calls that the database has recorded are unreadable.
 */
bool latency_profile_apply(const struct settings *settings, struct sql_session *session,
                           struct worker_setup *worker_setup, struct error *err) MUST_CHECK;
#endif
