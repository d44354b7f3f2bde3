/* store_writer.h - puts versions of an object into a store, in this process or in one of its own
 * that a test can kill. */
#ifndef TESTS_STORE_WRITER_H
#define TESTS_STORE_WRITER_H
#include <sys/types.h>

#include "io/loop.h"
#include "io/perform.h"
#include "store/store.h"

enum { SIZE_A = 300000, SIZE_B = 200000, PUT_FAILED = 3 };

struct store_writer { /* what a process needs to use a store; opened by writer_open */
    struct arena *arena;
    struct secret *key;
    struct loop *loop;
    struct http *http;
    struct performer *performer;
    char folder[64]; /* of the folder store; set by the caller */
};
extern struct store_writer writer;

bool writer_open(void);
void writer_close(void);
struct store_target writer_target(const char *url);
struct object writer_object(const char *path);
/* Version 'A' or 'B' of an object: they differ in size and in every byte. The caller frees it. */
struct blob writer_version(char letter);
/* Puts a version. Returns false if the store reports an error. */
bool writer_put(const struct store *store, const char *url, const char *path, char letter);

/* Starts a process that puts one version per letter of `letters`; "*" puts A and B in turn until it
 * is killed. It exits with PUT_FAILED if a put fails. If file_limit is not negative, a write that
 * would make a file larger kills the process, or fails if `survives`. The process ends with its
 * parent. Returns -1 if it cannot be started. */
pid_t writer_start(const struct store *store, const char *url, const char *path,
                   const char *letters, long file_limit, bool survives);
/* To be called first in main: in a process that writer_start has started, runs it and returns its
 * exit status; otherwise returns -1. */
int writer_main(int argc, char **argv);
#endif
