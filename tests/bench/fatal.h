/* fatal.h - ends a program that measures when something goes wrong. */
#ifndef TESTS_FATAL_H
#define TESTS_FATAL_H
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static inline void fatal(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
    exit(1);
}
#endif
