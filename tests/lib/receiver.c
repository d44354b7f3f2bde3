/* receiver.c - an HTTP server that keeps every request, for tests of webhooks and of telemetry.
 *
 * Usage: receiver FOLDER. Prints "listening on PORT". Request N is written to FOLDER/N.head
 * (method, path and headers, one a line, names in lower case) and FOLDER/N.body, which is renamed
 * last. It answers with the status in FOLDER/status, which may change at any time; 200 without that
 * file. */
#include <ctype.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MAX = 16 << 20, PATH_MAX_BYTES = 500 };

struct request {
    char *body;
    size_t size;
};

static const char *folder;
static atomic_int count;

static enum MHD_Result write_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    for (; *name; name++) {
        fputc(tolower((unsigned char)*name), context);
    }
    fprintf(context, ": %s\n", value);
    return MHD_YES;
}

static FILE *open_file(int number, const char *suffix)
{
    char path[PATH_MAX_BYTES];

    snprintf(path, sizeof path, "%s/%d.%s", folder, number, suffix);
    return fopen(path, "w");
}

static void keep(struct MHD_Connection *connection, const char *method, const char *url,
                 const struct request *request)
{
    char from[PATH_MAX_BYTES], to[PATH_MAX_BYTES];
    int number = ++count;
    FILE *head = open_file(number, "head"), *body = open_file(number, "part");

    if (!head || !body) {
        perror(folder);
        exit(1);
    }
    fprintf(head, "%s %s\n", method, url);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, write_header, head);
    fclose(head);
    fwrite(request->body, 1, request->size, body);
    fclose(body);
    snprintf(from, sizeof from, "%s/%d.part", folder, number);
    snprintf(to, sizeof to, "%s/%d.body", folder, number);
    rename(from, to);
}

static unsigned status_now(void)
{
    char path[PATH_MAX_BYTES];
    unsigned status = 200;
    FILE *file;

    snprintf(path, sizeof path, "%s/status", folder);
    file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%u", &status) != 1) {
            status = 200;
        }
        fclose(file);
    }
    return status;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    struct request *request = *state;
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)context;
    (void)version;
    if (!request) {
        *state = calloc(1, sizeof *request);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        char *body = request->size + *size <= BODY_MAX
                         ? realloc(request->body, request->size + *size)
                         : NULL;

        if (!body) {
            return MHD_NO;
        }
        memcpy(body + request->size, data, *size);
        request->body = body;
        request->size += *size;
        *size = 0;
        return MHD_YES;
    }
    keep(connection, method, url, request);
    response = MHD_create_response_from_buffer(2, "{}", MHD_RESPMEM_PERSISTENT);
    result = MHD_queue_response(connection, status_now(), response);
    MHD_destroy_response(response);
    return result;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    struct request *request = *state;

    (void)context;
    (void)connection;
    (void)why;
    if (request) {
        free(request->body);
        free(request);
    }
}

int main(int argc, char **argv)
{
    struct MHD_Daemon *daemon;

    if (argc != 2) {
        fprintf(stderr, "usage: receiver FOLDER\n");
        return 2;
    }
    folder = argv[1];
    daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, NULL,
                              MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                              MHD_OPTION_CONNECTION_TIMEOUT, 30u, MHD_OPTION_END);
    if (!daemon) {
        perror("cannot listen");
        return 1;
    }
    printf("listening on %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    for (;;) {
        pause();
    }
}
