/* operator.c - the operator's account and host. */
#include "batch/operator.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

void operator_name(char out[OPERATOR_BYTES])
{
    const struct passwd *user = getpwuid(geteuid());
    char host[64] = "";

    gethostname(host, sizeof host - 1);
    snprintf(out, OPERATOR_BYTES, "%.60s@%s", user ? user->pw_name : "unknown", host);
}
