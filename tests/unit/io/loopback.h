/* loopback.h - a tiny HTTP server for tests: a thread a connection, and a few lines a behaviour. */
#ifndef TESTS_LOOPBACK_H
#define TESTS_LOOPBACK_H
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct visit { /* one request on one connection */
    int fd;
    int number; /* of this request on its connection, from 1 */
    char *request;
    size_t size;
};

struct behaviour {
    const char *path;
    bool (*answer)(struct visit *visit); /* false: the connection is closed */
};

static struct {
    const struct behaviour *behaviours;
    int listener, port;
    pthread_t thread;
    atomic_int connections, requests, open;
    atomic_long sent;
} loopback;

static bool loopback_send(struct visit *visit, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t sent = send(visit->fd, at, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            return false;
        }
        loopback.sent += sent;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool loopback_say(struct visit *visit, const char *text)
{
    return loopback_send(visit, text, strlen(text));
}

/* Until the other side hangs up, or so long. */
static void loopback_wait(struct visit *visit, int ms)
{
    struct pollfd end = { .fd = visit->fd, .events = POLLRDHUP };

    poll(&end, 1, ms);
}

/* One whole request into visit->request; false at the end of the connection. */
static bool loopback_read(struct visit *visit)
{
    size_t need = 0;

    visit->size = 0;
    for (;;) {
        char *end, *length;
        ssize_t got;

        visit->request = realloc(visit->request, visit->size + 65537);
        got = recv(visit->fd, visit->request + visit->size, 65536, 0);
        if (got <= 0) {
            return false;
        }
        visit->size += (size_t)got;
        visit->request[visit->size] = '\0';
        end = need ? NULL : strstr(visit->request, "\r\n\r\n");
        if (end) {
            length = strcasestr(visit->request, "\r\ncontent-length:");
            need = (size_t)(end + 4 - visit->request);
            need += length && length < end ? strtoul(length + 17, NULL, 10) : 0;
        }
        if (need && visit->size >= need) {
            return true;
        }
    }
}

static bool loopback_answer(struct visit *visit)
{
    const char *path = strchr(visit->request, ' ');
    const struct behaviour *at = loopback.behaviours;

    path = path ? path + 1 : "";
    if (strncmp(path, "http://", 7) == 0) { /* asked as a proxy */
        path = strchr(path + 7, '/');
    }
    while (path && at->path) {
        size_t size = strlen(at->path);

        if (strncmp(path, at->path, size) == 0 && (path[size] == ' ' || path[size] == '?')) {
            return at->answer(visit);
        }
        at++;
    }
    return loopback_say(visit, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
}

static void *loopback_connection(void *arg)
{
    struct visit visit = { .fd = (int)(intptr_t)arg };

    do {
        if (!loopback_read(&visit)) {
            break;
        }
        visit.number++;
        loopback.requests++;
    } while (loopback_answer(&visit));
    close(visit.fd);
    free(visit.request);
    loopback.open--;
    return NULL;
}

static void *loopback_listen(void *arg)
{
    int fd;

    while ((fd = accept(loopback.listener, NULL, NULL)) >= 0) {
        pthread_t thread;

        loopback.connections++;
        loopback.open++;
        if (pthread_create(&thread, NULL, loopback_connection, (void *)(intptr_t)fd) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return arg;
}

static bool loopback_start(const struct behaviour *behaviours)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    loopback.behaviours = behaviours;
    loopback.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(loopback.listener, (struct sockaddr *)&address, size) != 0 ||
        listen(loopback.listener, 64) != 0 ||
        getsockname(loopback.listener, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    loopback.port = ntohs(address.sin_port);
    return pthread_create(&loopback.thread, NULL, loopback_listen, NULL) == 0;
}

/* Once the clients are gone. */
static void loopback_stop(void)
{
    shutdown(loopback.listener, SHUT_RDWR);
    close(loopback.listener);
    pthread_join(loopback.thread, NULL);
    for (int i = 0; loopback.open > 0 && i < 500; i++) {
        usleep(10000);
    }
}
#endif
