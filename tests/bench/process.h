/* process.h - memory and processor time of a process as counted by the kernel. */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct memory {         /* KB */
    long resident, own; /* own: anonymous pages */
};

static inline struct memory memory_of(pid_t process)
{
    struct memory out = { 0 };
    char path[40], line[200];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            out.resident = strtol(line + 6, NULL, 10);
        } else if (strncmp(line, "RssAnon:", 8) == 0) {
            out.own = strtol(line + 8, NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return out;
}

static inline double cpu_of(pid_t process)
{
    unsigned long user = 0, kernel = 0;
    char path[40];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    file = fopen(path, "r");
    if (file && fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                       &user, &kernel) != 2) {
        user = kernel = 0;
    }
    if (file) {
        fclose(file);
    }
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

#endif
