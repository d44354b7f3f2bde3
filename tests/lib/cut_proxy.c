/* cut_proxy.c - one thread that accepts a connection, forwards it, and cuts it where it was told.
 */
#include "lib/cut_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POLL_MS = 20, WAIT_POLLS = 60 * 1000 / POLL_MS, BLOCK = 16384 };

static struct {
    pthread_t thread;
    int listener, port, server_port;
    atomic_bool stops, held, busy;
    atomic_int mode;
    atomic_long limit, uploaded, downloaded;
} proxy;

static int connect_to_server(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)proxy.server_port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Closes with a reset, like a peer whose process was killed with data in flight. */
static void reset(int fd)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

static bool send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            return false;
        }
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Forwards one block, at most to the limit if there is one (not negative). Returns false at the
 * end of the connection. */
static bool forward(int from, int to, atomic_long *count, long limit)
{
    char block[BLOCK];
    size_t most = limit < 0 || limit - *count > BLOCK ? BLOCK : (size_t)(limit - *count);
    ssize_t got = recv(from, block, most, 0);

    if (got <= 0 || !send_all(to, block, (size_t)got)) {
        return false;
    }
    *count += got;
    return true;
}

/* CUT_HOLD: discards what the client sends until its process is killed. Unread data would delay the
 * end of the connection. */
static void wait_for_client_to_close(int client)
{
    struct pollfd more = { .fd = client, .events = POLLIN };
    char block[BLOCK];
    bool open = true;

    proxy.held = true;
    while (open && !proxy.stops) {
        open = poll(&more, 1, POLL_MS) <= 0 || recv(client, block, sizeof block, 0) > 0;
    }
}

static void forward_until_cut(int client, int server, enum cut_mode mode, long limit)
{
    long up = mode == CUT_UPLOAD || mode == CUT_HOLD ? limit : -1;
    long down = mode == CUT_DOWNLOAD ? limit : -1;
    bool open = true;

    while (open && !proxy.stops) {
        struct pollfd ends[] = { { .fd = client, .events = POLLIN },
                                 { .fd = server, .events = POLLIN } };

        if (proxy.uploaded == up || proxy.downloaded == down) {
            break;
        }
        poll(ends, 2, POLL_MS);
        open = (!ends[0].revents || forward(client, server, &proxy.uploaded, up)) &&
               (!ends[1].revents || forward(server, client, &proxy.downloaded, down));
    }
    if (mode == CUT_HOLD && open) {
        wait_for_client_to_close(client);
    }
}

static void *run(void *unused)
{
    while (!proxy.stops) {
        struct pollfd next = { .fd = proxy.listener, .events = POLLIN };
        int client, server;

        if (poll(&next, 1, POLL_MS) <= 0) {
            continue;
        }
        proxy.busy = true;
        client = accept4(proxy.listener, NULL, NULL, SOCK_CLOEXEC);
        server = connect_to_server();
        if (client >= 0 && server >= 0) {
            proxy.uploaded = proxy.downloaded = 0;
            forward_until_cut(client, server, (enum cut_mode)proxy.mode, proxy.limit);
        }
        if (client >= 0) {
            reset(client);
        }
        if (server >= 0) {
            reset(server);
        }
        proxy.busy = false;
    }
    return unused;
}

bool cut_proxy_start(int server_port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof at;

    memset(&proxy, 0, sizeof proxy);
    proxy.server_port = server_port;
    proxy.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (proxy.listener < 0 || bind(proxy.listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(proxy.listener, 64) != 0 ||
        getsockname(proxy.listener, (struct sockaddr *)&at, &size) != 0) {
        return false;
    }
    proxy.port = ntohs(at.sin_port);
    return pthread_create(&proxy.thread, NULL, run, NULL) == 0;
}

int cut_proxy_port(void)
{
    return proxy.port;
}

void cut_proxy_set(enum cut_mode mode, long bytes)
{
    proxy.mode = mode;
    proxy.limit = bytes;
    proxy.held = false;
    proxy.uploaded = proxy.downloaded = 0;
}

long cut_proxy_uploaded(void)
{
    return proxy.uploaded;
}

long cut_proxy_downloaded(void)
{
    return proxy.downloaded;
}

bool cut_proxy_wait_held(void)
{
    for (int i = 0; i < WAIT_POLLS && !proxy.held; i++) {
        poll(NULL, 0, POLL_MS);
    }
    return proxy.held;
}

bool cut_proxy_wait_idle(void)
{
    for (int i = 0; i < WAIT_POLLS && proxy.busy; i++) {
        poll(NULL, 0, POLL_MS);
    }
    return !proxy.busy;
}

void cut_proxy_stop(void)
{
    proxy.stops = true;
    pthread_join(proxy.thread, NULL);
    close(proxy.listener);
}
