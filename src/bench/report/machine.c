/* machine.c - reads uname, /proc/cpuinfo and the version of libcurl. */
#include "bench/report/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "io/http/http.h"

static void read_processor(char *out, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[256];

    while (file && !out[0] && fgets(line, sizeof line, file)) {
        char *value = strchr(line, ':');

        if (value && strncmp(line, "model name", 10) == 0) {
            value += strspn(value, ": \t");
            value[strcspn(value, "\n")] = '\0';
            snprintf(out, size, "%.*s", (int)size - 1, value);
        }
    }
    if (file) {
        fclose(file);
    }
}

void machine_read(struct machine *out)
{
    struct utsname name;

    *out = (struct machine){ .processors = sysconf(_SC_NPROCESSORS_ONLN),
                             .memory_bytes =
                                 (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) };
    if (uname(&name) == 0) {
        snprintf(out->system, sizeof out->system, "%.40s %.60s %.40s", name.sysname, name.release,
                 name.machine);
    }
    read_processor(out->processor, sizeof out->processor);
    snprintf(out->http, sizeof out->http, "%.199s", http_library());
}
