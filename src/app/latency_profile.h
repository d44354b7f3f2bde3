/* latency_profile.h - how long calls to models took before, from a file or from the database. */
#ifndef APP_LATENCY_PROFILE_H
#define APP_LATENCY_PROFILE_H
#include "app/database.h"
#include "app/worker_setup.h"

/* The profile that the settings name, else what the workers recorded in the last days. The caller
 * frees *out with free(). */
bool latency_profile_load(const struct settings *settings, struct sql_session *session, int days,
                          struct profile **out, struct error *err) MUST_CHECK;

/* Gives it to a worker, unless somebody said --request-timeout, and says what follows of it. */
bool latency_profile_apply(const struct settings *settings, struct sql_session *session,
                           struct worker_setup *worker_setup, struct error *err) MUST_CHECK;
#endif
