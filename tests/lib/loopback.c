/* loopback.c - the server has one thread per connection, and one function per behaviour. */
#include "lib/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct loopback loopback;

enum { SILENT_MS = 60000 }; /* longer than any timeout of a test */

static int listener;
static pthread_t listening;

struct visit { /* one request on one connection */
    int fd;
    int number; /* of this request on its connection, from 1 */
    char *request;
    size_t size;
};

static bool visit_send(struct visit *visit, const void *data, size_t size)
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

static bool visit_send_text(struct visit *visit, const char *text)
{
    return visit_send(visit, text, strlen(text));
}

/* Waits until the client closes the connection, at most `ms`. */
static void visit_wait(struct visit *visit, int ms)
{
    struct pollfd end = { .fd = visit->fd, .events = POLLRDHUP };

    poll(&end, 1, ms);
}

/* Reads one request into visit->request. Returns false at the end of the connection. */
static bool visit_read(struct visit *visit)
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

/* -- behaviours ------------------------------------------------------------------------------- */

static bool plain_response(struct visit *visit)
{
    return visit_send_text(visit,
                           "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                           "X-Request-Id: r-1\r\n\r\nplain");
}

static bool chunked(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\npl\r\n");
    usleep(20000);
    return visit_send_text(visit, "3\r\nain\r\n0\r\n\r\n");
}

static bool slow(struct visit *visit)
{
    visit_wait(visit, SILENT_MS);
    return false;
}

static bool truncated(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nplain");
    return false;
}

static bool half_chunked(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\npla");
    return false;
}

static bool send_large(struct visit *visit)
{
    static const char bytes[65536];

    for (int left = LOOPBACK_LARGE; left > 0; left -= (int)sizeof bytes) {
        if (!visit_send(visit, bytes, sizeof bytes)) {
            return false;
        }
    }
    return false;
}

static bool large(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n");
    return send_large(visit);
}

/* Sends the beginning of a body, then nothing. */
static bool stalls(struct visit *visit)
{
    static const char bytes[65536];

    visit_send_text(visit, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n");
    visit_send(visit, bytes, sizeof bytes);
    visit_wait(visit, SILENT_MS);
    return false;
}

static bool endless(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\n\r\n");
    return send_large(visit);
}

static bool many_headers(struct visit *visit)
{
    char line[700];

    visit_send_text(visit, "HTTP/1.1 200 OK\r\n");
    memset(line, 'x', sizeof line);
    memcpy(line, "content-type: ", 14);
    memcpy(line + sizeof line - 3, "\r\n", 3);
    visit_send_text(visit, line); /* longer than any header that is used: ignored */
    visit_send_text(visit, "x-request-id: a\tb\x1b[31m\xff\r\n");
    return visit_send_text(visit, "Content-Length: 2\r\n\r\nok");
}

static bool endless_headers(struct visit *visit)
{
    char line[8192];

    memset(line, 'x', sizeof line);
    memcpy(line, "x-a: ", 5);
    memcpy(line + sizeof line - 3, "\r\n", 3);
    visit_send_text(visit, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 2000 && visit_send_text(visit, line); i++) {
    }
    return false;
}

static bool limits(struct visit *visit)
{
    return visit_send_text(
        visit,
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nRetry-After-Ms: 1500\r\n"
        "x-should-retry: true\r\nopenai-processing-ms: 321\r\nx-ratelimit-limit-requests: 60\r\n"
        "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 1m2s\r\n"
        "Content-Length: 4\r\n\r\nbusy");
}

static bool drop(struct visit *visit)
{
    (void)visit;
    return false;
}

static bool dies_when_reused(struct visit *visit)
{
    return visit->number == 1 && plain_response(visit);
}

static bool garbage(struct visit *visit)
{
    visit_send_text(visit, "\x16\x03\x01 this is no HTTP\r\n\r\n");
    return false;
}

static bool raw(struct visit *visit)
{
    return visit_send(visit, loopback.raw, loopback.raw_size) && false;
}

static bool redirect(struct visit *visit)
{
    char *to = strchr(visit->request, '?') + 1, text[600];

    *strchr(to, ' ') = '\0';
    snprintf(
        text, sizeof text,
        "HTTP/1.1 302 Found\r\nRetry-After: 9\r\nLocation: %.400s\r\nContent-Length: 0\r\n\r\n",
        to);
    return visit_send_text(visit, text);
}

static bool circle(struct visit *visit)
{
    return visit_send_text(visit,
                           "HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\n\r\n");
}

static bool echo(struct visit *visit)
{
    char head[100];

    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", visit->size);
    visit_send_text(visit, head);
    return strncmp(visit->request, "HEAD", 4) == 0 ||
           visit_send(visit, visit->request, visit->size);
}

#define EVENTS "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
#define PROGRESS "event: x.partial\ndata: {\"image\":\"AAAA\"}\n\n"

/* Sends events in pieces, with pauses between them. */
static bool events(struct visit *visit)
{
    static const char *const pieces[] = {
        EVENTS ": plain\n\nevent: x.par",       "tial\ndata: 1\n", "\n", PROGRESS "eve",
        "nt: x.completed\ndata: {\"b\":2}\n\n",
    };

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        visit_send_text(visit, pieces[i]);
        usleep(20000);
    }
    return false;
}

static bool events_silent(struct visit *visit)
{
    visit_send_text(visit, EVENTS PROGRESS);
    visit_wait(visit, SILENT_MS);
    return false;
}

static bool events_endless(struct visit *visit)
{
    char line[4096];
    long left = LOOPBACK_LARGE;

    memset(line, 'A', sizeof line);
    memcpy(line, "event: x.partial\ndata: ", 23);
    memcpy(line + sizeof line - 2, "\n\n", 2);
    visit_send_text(visit, EVENTS);
    while (left > 0 && visit_send(visit, line, sizeof line)) {
        left -= (long)sizeof line;
    }
    return false;
}

static bool events_truncated(struct visit *visit)
{
    visit_send_text(visit, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n"
                           "25\r\nevent: x.partial\ndata: 1234567890123\n\r\n");
    return false;
}

static const struct behaviour {
    const char *path;
    bool (*answer)(struct visit *visit); /* false: the connection is closed */
} behaviours[] = {
    { "/plain", plain_response },
    { "/chunked", chunked },
    { "/slow", slow },
    { "/truncated", truncated },
    { "/half-chunked", half_chunked },
    { "/large", large },
    { "/stalls", stalls },
    { "/endless", endless },
    { "/many-headers", many_headers },
    { "/endless-headers", endless_headers },
    { "/limits", limits },
    { "/drop", drop },
    { "/dies-when-reused", dies_when_reused },
    { "/garbage", garbage },
    { "/raw", raw },
    { "/redirect", redirect },
    { "/circle", circle },
    { "/echo", echo },
    { "/events", events },
    { "/events-silent", events_silent },
    { "/events-endless", events_endless },
    { "/events-truncated", events_truncated },
    { NULL, NULL },
};

/* -- connections ------------------------------------------------------------------------------ */

static bool visit_answer(struct visit *visit)
{
    const char *path = strchr(visit->request, ' ');
    const struct behaviour *at = behaviours;

    path = path ? path + 1 : "";
    if (strncmp(path, "http://", 7) == 0) { /* the request is sent to a proxy */
        path = strchr(path + 7, '/');
    }
    while (path && at->path) {
        size_t size = strlen(at->path);

        if (strncmp(path, at->path, size) == 0 && (path[size] == ' ' || path[size] == '?')) {
            return at->answer(visit);
        }
        at++;
    }
    return visit_send_text(visit, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
}

static void *serve(void *arg)
{
    struct visit visit = { .fd = (int)(intptr_t)arg };

    do {
        if (!visit_read(&visit)) {
            break;
        }
        visit.number++;
        loopback.requests++;
    } while (visit_answer(&visit));
    close(visit.fd);
    free(visit.request);
    loopback.open--;
    return NULL;
}

static void *accept_all(void *arg)
{
    int fd;

    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;

        loopback.connections++;
        loopback.open++;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return arg;
}

bool loopback_start(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    loopback.port = ntohs(address.sin_port);
    return pthread_create(&listening, NULL, accept_all, NULL) == 0;
}

/* Call it when the clients are closed. */
void loopback_stop(void)
{
    shutdown(listener, SHUT_RDWR);
    close(listener);
    pthread_join(listening, NULL);
    for (int i = 0; loopback.open > 0 && i < 500; i++) {
        usleep(10000);
    }
}
