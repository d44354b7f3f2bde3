/* main.c - the entry point of the program. */
#include <signal.h>

#include "cli/dispatch.h"

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a reader of the output that ends must not end this process */
    return cli_run(argc, argv);
}
