/* job_types.c - the table of job types, from job_types.inc. */
#include <string.h>

#include "jobs/job.h"

#define JOB_TYPE(name) extern const struct job_type job_type_##name;
#include "jobs/job_types.inc"
#undef JOB_TYPE

static const struct job_type *const job_types[] = {
#define JOB_TYPE(name) &job_type_##name,
#include "jobs/job_types.inc"
#undef JOB_TYPE
    NULL,
};

const struct job_type *job_type_find(const char *name)
{
    for (int i = 0; job_types[i]; i++) {
        if (strcmp(job_types[i]->name, name) == 0) {
            return job_types[i];
        }
    }
    return NULL;
}

const char *const *job_type_names(void)
{
    static const char *names[sizeof job_types / sizeof *job_types];

    for (int i = 0; job_types[i]; i++) {
        names[i] = job_types[i]->name;
    }
    return names;
}
