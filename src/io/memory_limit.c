/* memory_limit.c - reads /proc/self/cgroup and the limits of each group up to the root. */
#include "io/memory_limit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 4096 };

/* Returns the number in a file; UINT64_MAX if the file is missing or says "max". */
static uint64_t read_limit(const char *path)
{
    char text[32] = "", *end;
    FILE *file = fopen(path, "re");
    unsigned long long value;

    if (!file) {
        return UINT64_MAX;
    }
    if (!fgets(text, sizeof text, file)) {
        text[0] = '\0';
    }
    fclose(file);
    value = strtoull(text, &end, 10);
    return end == text || value == 0 ? UINT64_MAX : value;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Returns the smallest limit of a group and all its parents. In a container, the host's name of a
 * group may not exist below the mount: the limit is then that of the mount's root, which is read
 * last. */
static uint64_t limit_of_group(const char *mount, char *group, const char *const *files)
{
    uint64_t limit = UINT64_MAX;
    char path[LINE_BYTES * 2 + 64];

    for (;;) {
        char *last = strrchr(group, '/');

        for (int i = 0; files[i]; i++) {
            snprintf(path, sizeof path, "%s%s/%s", mount, group, files[i]);
            limit = lower(limit, read_limit(path));
        }
        if (!last) {
            return limit;
        }
        *last = '\0';
    }
}

/* Returns true if the word is in a list separated by commas. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ',') && (at[length] == '\0' || at[length] == ',')) {
            return true;
        }
    }
    return false;
}

/* A line is "number:controllers:path"; version 2 has number 0 and no controllers. */
static uint64_t limit_of_line(const char *root, char *line)
{
    static const char *const version_2[] = { "memory.max", "memory.high", NULL };
    static const char *const version_1[] = { "memory.limit_in_bytes", NULL };
    char *controllers = strchr(line, ':'),
         *group = controllers ? strchr(controllers + 1, ':') : NULL;
    char mount[LINE_BYTES], unified[LINE_BYTES], again[LINE_BYTES];

    if (!group) {
        return UINT64_MAX;
    }
    *group++ = '\0';
    controllers++;
    group[strcspn(group, "\n")] = '\0';
    snprintf(mount, sizeof mount, "%s/sys/fs/cgroup%s", root, *controllers ? "/memory" : "");
    if (*controllers) {
        return has_word(controllers, "memory") ? limit_of_group(mount, group, version_1)
                                               : UINT64_MAX;
    }
    snprintf(unified, sizeof unified, "%s/sys/fs/cgroup/unified", root);
    snprintf(again, sizeof again, "%s", group);
    return lower(limit_of_group(mount, group, version_2),
                 limit_of_group(unified, again, version_2));
}

uint64_t memory_limit_bytes(const char *root)
{
    uint64_t limit = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    char line[LINE_BYTES], path[LINE_BYTES];
    FILE *file;

    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        limit = lower(limit, limit_of_line(root, line));
    }
    if (file) {
        fclose(file);
    }
    return limit;
}
