/* server.h - starts the stand-in as a process and reads its journal. */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H
#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/json.h"
#include "bench/child.h"

struct server {
    struct child child;
    int port;
};

struct truth { /* one request as recorded by the server */
    char id[40], route[16];
    int status;
    double took; /* seconds from the last byte of the request to the first of the response */
};

struct journal_read {
    struct truth *rows; /* ordered by id */
    size_t count;
};

static inline void server_start(struct server *server, const char *self, int processor,
                                const char *flags)
{
    char command[1000], base[80];

    snprintf(command, sizeof command, "%s stand-in %s", child_darkroom(self), flags);
    server->child = child_start(processor, command);
    if (fscanf(server->child.out, "listening on http://127.0.0.1:%d", &server->port) != 1) {
        fprintf(stderr, "the stand-in does not start: %s\n", command);
        exit(1);
    }
    snprintf(base, sizeof base, "http://127.0.0.1:%d/v1", server->port);
    setenv("OPENAI_BASE_URL", base, 1);
    setenv("OPENAI_API_KEY", "sk-bench", 1);
}

static inline void server_stop(struct server *server)
{
    child_end(&server->child, true);
}

static inline int server_connect(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        perror("cannot reach the stand-in");
        exit(1);
    }
    return fd;
}

/* Returns the body of the response; the caller frees it. */
static inline char *server_ask(int port, const char *method, const char *path)
{
    size_t size = 0, room = 1 << 20;
    char *text = malloc(room), *body, request[300];
    int fd = server_connect(port);
    ssize_t got;

    snprintf(request, sizeof request,
             "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method,
             path);
    if (!text || write(fd, request, strlen(request)) != (ssize_t)strlen(request)) {
        exit(1);
    }
    while ((got = read(fd, text + size, room - size - 1)) > 0) {
        size += (size_t)got;
        if (room - size < 65536 && !(text = realloc(text, room *= 2))) {
            exit(1);
        }
    }
    close(fd);
    text[size] = '\0';
    body = strstr(text, "\r\n\r\n");
    body = strdup(body ? body + 4 : "");
    free(text);
    return body;
}

/* Clears the journal and restarts the sequence of latencies. */
static inline void server_reset(const struct server *server)
{
    free(server_ask(server->port, "POST", "/_standin/reset"));
}

static inline int truth_order(const void *a, const void *b)
{
    return strcmp(((const struct truth *)a)->id, ((const struct truth *)b)->id);
}

static inline struct journal_read server_journal(const struct server *server)
{
    char *text = server_ask(server->port, "GET", "/_standin/journal");
    cJSON *list = cJSON_Parse(text), *at;
    struct journal_read out = { .rows = calloc((size_t)cJSON_GetArraySize(list) + 1,
                                               sizeof(struct truth)) };

    cJSON_ArrayForEach(at, list)
    {
        struct truth *row = &out.rows[out.count++];

        snprintf(row->id, sizeof row->id, "%s", json_peek_text(at, "request_id"));
        snprintf(row->route, sizeof row->route, "%s", json_peek_text(at, "route"));
        row->status = (int)json_peek_int(at, "status", 0);
        row->took = cJSON_GetObjectItem(at, "took_ms")->valuedouble / 1e3;
    }
    qsort(out.rows, out.count, sizeof *out.rows, truth_order);
    cJSON_Delete(list);
    free(text);
    return out;
}

static inline const struct truth *truth_of(const struct journal_read *journal, const char *id)
{
    struct truth key;

    snprintf(key.id, sizeof key.id, "%s", id);
    return bsearch(&key, journal->rows, journal->count, sizeof key, truth_order);
}
#endif
