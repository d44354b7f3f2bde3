/* doctor_webhooks.c - whether events of jobs reach the operator's webhooks. */
#include <inttypes.h>

#include "base/json.h"
#include "doctor/doctor_webhooks.h"

enum { LATE_SECONDS = 300 };

static cJSON *read_health(struct doctor *doctor, struct doctor_finding *out)
{
    struct blob value = { 0 };
    cJSON *health = NULL;
    struct error err;

    if (!sql_query(doctor->session, "webhook_health", 0, NULL, &value, &err) ||
        !json_parse_own(value.data, value.size, "state of webhooks", &health, &err)) {
        doctor_finding_from_error(out, &err);
    }
    blob_free(&value);
    return health;
}

void doctor_check_webhooks(struct doctor *doctor, struct doctor_finding *out)
{
    int64_t webhooks, waiting, given_up;
    const char *where, *why;
    cJSON *health;

    if (!doctor->session || !doctor->migrated) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: the schema is not up to date");
        return;
    }
    health = read_health(doctor, out);
    if (!health) {
        return;
    }
    webhooks = json_peek_int(health, "webhooks", 0);
    waiting = json_peek_int(health, "waiting", 0);
    given_up = json_peek_int(health, "givenUp", 0);
    where = json_peek_text(health, "where");
    why = json_peek_text(health, "why");
    if (given_up > 0) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "%" PRId64 " events were given up during the last month", given_up);
    } else if (json_peek_int(health, "oldestSeconds", 0) > LATE_SECONDS ||
               json_peek_int(health, "retried", 0) > 0 || (waiting > 0 && why)) {
        doctor_finding_set(out, DOCTOR_WARN, "%" PRId64 " events wait for their delivery", waiting);
    } else if (webhooks > 0) {
        doctor_finding_set(out, DOCTOR_OK, "%" PRId64 " configured, %" PRId64 " events wait",
                           webhooks, waiting);
    } else {
        doctor_finding_set(out, DOCTOR_OK, "none configured");
    }
    if (out->status == DOCTOR_WARN && where && why) {
        doctor_finding_hint(out, "%.80s: %.200s", where, why);
    } else if (out->status == DOCTOR_WARN) {
        doctor_finding_hint(out, "Start a worker with the --webhook that they are for.");
    }
    cJSON_Delete(health);
}
