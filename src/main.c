/* main.c - the entry point of the program. */
#include "cli/dispatch.h"

int main(int argc, char **argv)
{
    return cli_run(argc, argv);
}
