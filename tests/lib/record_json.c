/* record_json.c - starts the program darkroom of its folder in its place, with the same arguments;
 * with
 * --json under json_recorder. End-to-end tests get it as DARKROOM (lib/e2e.sh). */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool prints_objects(int argc, char **argv)
{
    bool json = false;

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "--json-schema") == 0) {
            return false;
        }
        json = json || strcmp(argv[i], "--json") == 0;
    }
    return json;
}

int main(int argc, char **argv)
{
    const char *recorder = getenv("JSON_RECORDER"), *records = getenv("JSON_RECORDS");
    const char *former = getenv("LD_PRELOAD");
    char program[4096] = "", preload[8000];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = size > 0 ? strrchr(program, '/') : NULL;

    if (!slash) {
        perror("/proc/self/exe");
        return 127;
    }
    snprintf(slash + 1, sizeof program - (size_t)(slash + 1 - program), "darkroom");
    if (recorder && records && records[0] && prints_objects(argc, argv)) {
        snprintf(preload, sizeof preload, "%s%s%s", recorder, former ? ":" : "",
                 former ? former : "");
        setenv("FORMER_PRELOAD", former ? former : "", 1);
        setenv("LD_PRELOAD", preload, 1);
    }
    argv[0] = program;
    execv(program, argv);
    perror(program);
    return 127;
}
