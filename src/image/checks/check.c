/* check.c - runs the checks that the rules name. */
#include "image/checks/check.h"

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

bool checks_run(const struct check_subject *subject, const struct check_limits *limits, int count,
                struct check_finding *findings, struct error *err)
{
    struct check_subject seen = *subject;
    const struct check_finding *failed = NULL;
    struct ground ground;

    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (!check) {
            return error_set(err, ERROR_CONFIG, "rules.json: unknown check '%.40s'",
                             limits[i].check);
        }
        findings[i] = (struct check_finding){ .check = check->name };
        if (check->needs_ground && !seen.ground && ground_find(seen.image, &ground)) {
            seen.ground = &ground;
        }
        check->run(&seen, limits[i].limits, &findings[i]);
        if (!findings[i].passed && !failed) {
            failed = &findings[i];
        }
    }
    return !failed ||
           error_set(err, ERROR_OUTPUT, "check '%s': %s", failed->check, failed->message);
}
