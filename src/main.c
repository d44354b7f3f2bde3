/* main.c - the program's door: hands its words to the command line. */
#include "cli/dispatch.h"

int main(int argc, char **argv)
{
    return cli_run(argc, argv);
}
