/* main.c - the entry point of the program. */
#include <signal.h>
#include <sys/prctl.h>

#include "cli/dispatch.h"

int main(int argc, char **argv)
{
    /* Memory holds keys: the kernel writes no core of this process, and other processes of the same
     * user cannot read its memory. */
    prctl(PR_SET_DUMPABLE, 0);
    signal(SIGPIPE, SIG_IGN); /* a reader of the output that ends must not end this process */
    signal(SIGXFSZ, SIG_IGN); /* a file that reaches a size limit is an error like a full disk */
    return cli_run(argc, argv);
}
