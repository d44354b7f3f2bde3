/* store_writer.c - puts versions of an object into a store, and the process that does it. */
#include "lib/store_writer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "io/http/http.h"

struct store_writer writer;

bool writer_open(void)
{
    struct error err;

    writer.arena = arena_new();
    writer.key = secret_new("sb_secret_abcdefghijk");
    writer.loop = loop_new(2, &err);
    writer.http =
        writer.loop ? http_new(writer.loop, &(struct http_config){ .user_agent = "darkroom" }, &err)
                    : NULL;
    writer.performer = writer.http ? perform_new(writer.loop, writer.http, NULL) : NULL;
    return writer.performer != NULL;
}

void writer_close(void)
{
    perform_free(writer.performer);
    http_free(writer.http);
    loop_free(writer.loop);
    secret_free(writer.key);
    arena_free(writer.arena);
}

struct store_target writer_target(const char *url)
{
    return (struct store_target){ .base_url = url, .key = writer.key, .folder = writer.folder };
}

struct object writer_object(const char *path)
{
    return (
        struct object){ .bucket = "generated-images", .path = path, .content_type = "image/png" };
}

struct blob writer_version(char letter)
{
    struct blob content;
    struct error err;

    if (!blob_new(&content, letter == 'A' ? SIZE_A : SIZE_B, &err)) {
        abort();
    }
    for (size_t i = 0; i < content.size; i++) {
        content.data[i] = (uint8_t)(i % 101 + (letter == 'A' ? 0 : 128));
    }
    return content;
}

bool writer_put(const struct store *store, const char *url, const char *path, char letter)
{
    struct store_target at = writer_target(url);
    struct object object = writer_object(path);
    struct op op = { .http = { .new_connection = true } };
    struct error err;
    bool good;

    object.content = writer_version(letter);
    good = store->put(&at, &object, writer.arena, &op, &err);
    if (good) {
        perform_wait(writer.performer, writer.loop, &op);
        good = op.error.kind == ERROR_NONE && store->put_done(&object, &op, &err);
    }
    op_clear(&op);
    blob_free(&object.content);
    return good;
}

/* -- the process ------------------------------------------------------------------------------- */

/* Arguments: store, URL, folder, path, letters. */
static int write_objects(char **argument)
{
    const struct store *store = store_find(argument[0]);
    const char *url = argument[1], *path = argument[3], *letters = argument[4];

    snprintf(writer.folder, sizeof writer.folder, "%s", argument[2]);
    if (!store || !writer_open()) {
        return 1;
    }
    for (int i = 0; letters[0] == '*'; i++) {
        if (!writer_put(store, url, path, i % 2 ? 'B' : 'A')) {
            return PUT_FAILED;
        }
    }
    for (; *letters; letters++) {
        if (!writer_put(store, url, path, *letters)) {
            return PUT_FAILED;
        }
    }
    writer_close();
    return 0;
}

pid_t writer_start(const struct store *store, const char *url, const char *path,
                   const char *letters, long file_limit, bool survives)
{
    struct rlimit limit = { (rlim_t)file_limit, (rlim_t)file_limit }, no_core = { 0, 0 };
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no writer behind */
        setrlimit(RLIMIT_CORE, &no_core);
        if (file_limit >= 0) {
            signal(SIGXFSZ, survives ? SIG_IGN : SIG_DFL);
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        execl("/proc/self/exe", "writer", "write", store->name, url, writer.folder, path, letters,
              (char *)NULL);
        _exit(1);
    }
    return pid;
}

int writer_main(int argc, char **argv)
{
    return argc == 7 && strcmp(argv[1], "write") == 0 ? write_objects(argv + 2) : -1;
}
