/* doctor.h - the checks of `darkroom doctor`, which verify what a worker needs. */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H
#include "app/database.h"
#include "base/arena.h"
#include "doctor/finding.h"
#include "io/http/http.h"

struct doctor { /* shared by the checks; a check may use what an earlier one set */
    const struct settings *settings;
    struct arena *arena;
    struct database_url url; /* valid if has_url */
    bool has_url;
    struct sql_session *session; /* NULL if the database cannot be reached */
    bool other_database;         /* a table of the application is missing */
    bool read_only;              /* a replica, or sessions are read-only */
    bool migrated;
    struct loop *loop;
    struct http *http;
};

struct doctor_check {
    const char *name;
    void (*run)(struct doctor *doctor, struct doctor_finding *out);
};

/* In the order of execution. Each array ends with a row whose name is NULL. */
extern const struct doctor_check doctor_machine_checks[], doctor_network_checks[],
    doctor_database_checks[], doctor_service_checks[];
#endif
