/* check.c - runs the checks that the rules name. */
#include "image/checks/check.h"

#include <stdio.h>
#include <string.h>

#define CHECK(name) extern const struct check check_##name;
#include "image/checks/checks.inc"
#undef CHECK

const struct check *const checks[] = {
#define CHECK(name) &check_##name,
#include "image/checks/checks.inc"
#undef CHECK
    NULL,
};

const struct check *check_find(const char *name)
{
    for (int i = 0; checks[i]; i++) {
        if (strcmp(checks[i]->name, name) == 0) {
            return checks[i];
        }
    }
    return NULL;
}

/* Runs the checks that are slow, or those that are not. Returns the first finding that failed. */
static const struct check_finding *run_some(struct check_subject *subject, bool slow,
                                            const struct check_limits *limits, int count,
                                            struct check_finding *findings, struct ground *ground)
{
    const struct check_finding *failed = NULL;

    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (check->slow != slow) {
            continue;
        }
        if (check->needs_ground && !subject->ground &&
            ground_find(subject->image, subject->coverage, ground)) {
            subject->ground = ground;
        }
        check->run(subject, limits[i].limits, &findings[i]);
        if (!findings[i].passed && !failed) {
            failed = &findings[i];
        }
    }
    return failed;
}

bool checks_run(const struct check_subject *subject, const struct check_limits *limits, int count,
                struct check_finding *findings, struct error *err)
{
    struct check_subject seen = *subject;
    const struct check_finding *failed;
    struct ground ground;

    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (!check) {
            return error_set(err, ERROR_CONFIG, "rules.json: unknown check '%.40s'",
                             limits[i].check);
        }
        findings[i] = (struct check_finding){ .check = check->name, .passed = true };
        snprintf(findings[i].message, sizeof findings[i].message,
                 "not performed: another check failed");
        if (!check->slow) {
            findings[i] = (struct check_finding){ .check = check->name };
        }
    }
    failed = run_some(&seen, false, limits, count, findings, &ground);
    failed = failed ? failed : run_some(&seen, true, limits, count, findings, &ground);
    return !failed ||
           error_set(err, ERROR_OUTPUT, "check '%s': %s", failed->check, failed->message);
}
