/* standard_streams.c - fills the gaps among the first three file descriptors. */
#include "term/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

bool standard_streams_open(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        /* The lowest free number is used, and the lower ones are open. */
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) {
            return false;
        }
    }
    return true;
}
