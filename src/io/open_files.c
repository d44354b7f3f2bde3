/* open_files.c - the soft limit on open files, which any process may raise up to the hard limit. */
#include "io/open_files.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

bool open_files_raise_limit(long need, struct error *err)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return error_set(err, ERROR_INTERNAL, "cannot read the limit on open files: %s",
                         strerror(errno));
    }
    if (limit.rlim_cur >= (rlim_t)need) { /* RLIM_INFINITY is the largest value */
        return true;
    }
    limit.rlim_cur = limit.rlim_max < (rlim_t)need ? limit.rlim_max : (rlim_t)need;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return error_set(err, ERROR_CONFIG, "cannot raise the limit on open files to %ld: %s", need,
                         strerror(errno));
    }
    if (limit.rlim_cur < (rlim_t)need) {
        error_set(err, ERROR_CONFIG,
                  "%ld open files and sockets are needed, but only %llu are allowed", need,
                  (unsigned long long)limit.rlim_max);
        return error_hint(err, "Raise the hard limit (ulimit -Hn, LimitNOFILE=), or reduce the "
                               "concurrency.");
    }
    return true;
}
