/* doctor.h - one question each about this installation, and what to do where the answer is bad. */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H
#include "app/database.h"
#include "base/arena.h"
#include "io/http/http.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL, VERDICT_SKIP };

struct finding {
    enum verdict verdict;
    char text[400];
    char hint[300]; /* what to do; may be empty */
};

struct doctor { /* what checks share; later ones see what earlier ones found */
    const struct settings *settings;
    struct arena *arena;
    struct database_url url;
    bool has_url;
    struct sql_session *session; /* NULL: no connection came about */
    bool migrated;
    struct loop *loop;
    struct http *http;
};

struct check_up {
    const char *name;
    void (*look)(struct doctor *doctor, struct finding *out);
};

/* In the order of asking; NULL-named at its end. */
extern const struct check_up doctor_database[], doctor_services[], doctor_machine[];

void finding_set(struct finding *out, enum verdict verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void finding_hint(struct finding *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void finding_of(struct finding *out, const struct error *err); /* a failure, in its own words */
#endif
