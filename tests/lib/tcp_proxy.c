/* tcp_proxy.c - one thread accepts sessions, and one thread per session passes bytes on. */
#include "lib/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct session {
    struct tcp_proxy *proxy;
    int client, server, number; /* a side that was closed is -1 */
    bool is_marked;
};

static int connect_to_server(const struct tcp_proxy *proxy)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    struct sockaddr_in remote = { .sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)proxy->server_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bool is_local = proxy->socket_path[0];
    int fd = socket(is_local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(local.sun_path, sizeof local.sun_path, "%.107s", proxy->socket_path);
    if (connect(fd, is_local ? (struct sockaddr *)&local : (struct sockaddr *)&remote,
                is_local ? sizeof local : sizeof remote) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Returns false at the end of the session. */
static bool pass_on(struct session *session, bool from_client)
{
    int from = from_client ? session->client : session->server;
    int to = from_client ? session->server : session->client;
    bool drop = to < 0 || (!from_client && session->proxy->drops_answers);
    const char *mark = session->proxy->mark;
    char bytes[16384];
    ssize_t got = read(from, bytes, sizeof bytes);

    if (got <= 0) {
        return false;
    }
    if (mark && from_client && !session->is_marked &&
        memmem(bytes, (size_t)got, mark, strlen(mark))) {
        session->is_marked = true;
        session->proxy->marked++;
    }
    for (ssize_t sent = 0; !drop && sent < got;) {
        ssize_t now = send(to, bytes + sent, (size_t)(got - sent), MSG_NOSIGNAL);

        if (now <= 0) {
            return false;
        }
        sent += now;
    }
    return true;
}

static void close_side(int *side)
{
    if (*side >= 0) {
        close(*side);
        *side = -1;
    }
}

static bool is_frozen(const struct session *session)
{
    const struct tcp_proxy *proxy = session->proxy;

    return session->number <= proxy->frozen || (session->is_marked && proxy->freezes_marked);
}

/* Passes on what has arrived. Returns false at the end of the session. */
static bool serve(struct session *session)
{
    struct pollfd ends[] = { { .fd = session->client, .events = POLLIN },
                             { .fd = session->server, .events = POLLIN } };

    if (poll(ends, 2, 20) <= 0) { /* which ignores -1 */
        return true;
    }
    return (!ends[0].revents || pass_on(session, true)) &&
           (!ends[1].revents || pass_on(session, false));
}

static void *run_session(void *arg)
{
    struct session *session = arg;
    struct tcp_proxy *proxy = session->proxy;
    bool open = true, was_halved = false;

    while (open && proxy->cuts < session->number) {
        bool halves = session->is_marked && (proxy->leaves_servers || proxy->leaves_clients);

        if (halves) {
            close_side(proxy->leaves_servers ? &session->client : &session->server);
            was_halved = true;
        } else if (was_halved) {
            break; /* the other side learns of it now */
        }
        if (is_frozen(session)) {
            usleep(10000);
        } else {
            open = serve(session);
        }
    }
    close_side(&session->client);
    close_side(&session->server);
    free(session);
    proxy->open--;
    return NULL;
}

static void *accept_sessions(void *arg)
{
    struct tcp_proxy *proxy = arg;
    int client;

    while ((client = accept(proxy->listener, NULL, NULL)) >= 0) {
        int server = proxy->refuses ? -1 : connect_to_server(proxy);
        struct session *session;
        pthread_t thread;

        if (server < 0) {
            close(client);
            continue;
        }
        session = calloc(1, sizeof *session);
        *session = (struct session){ proxy, client, server, ++proxy->sessions, false };
        proxy->open++;
        if (pthread_create(&thread, NULL, run_session, session) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return NULL;
}

bool tcp_proxy_start(struct tcp_proxy *proxy)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(proxy->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(proxy->listener, 64) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    proxy->port = ntohs(address.sin_port);
    return pthread_create(&proxy->thread, NULL, accept_sessions, proxy) == 0;
}

void tcp_proxy_cut(struct tcp_proxy *proxy)
{
    proxy->cuts = proxy->sessions;
}

void tcp_proxy_stop(struct tcp_proxy *proxy)
{
    shutdown(proxy->listener, SHUT_RDWR);
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
    proxy->cuts = 1 << 30;
    for (int i = 0; i < 6000 && proxy->open > 0; i++) { /* at most a minute */
        usleep(10000);
    }
}
