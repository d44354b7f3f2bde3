/* memory_limit.h - how much memory this process may use, by its control groups or the machine. */
#ifndef IO_MEMORY_LIMIT_H
#define IO_MEMORY_LIMIT_H
#include <stdint.h>

/* Returns the smallest limit in bytes of the process's control groups and their parents, of version
 * 1 and 2, and of the machine's memory. `root` is "", or the folder of a test that has proc and
 * sys. */
uint64_t memory_limit_bytes(const char *root);
#endif
