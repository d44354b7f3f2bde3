/* dispatch.h - from argv to a command and its exit status. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

int cli_run(int argc, char **argv); /* prints help and errors; never exits by itself */
#endif
