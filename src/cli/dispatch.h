/* dispatch.h - runs the command that argv names. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

/* Returns the exit status. Prints help and errors; does not call exit(). */
int cli_run(int argc, char **argv);
#endif
