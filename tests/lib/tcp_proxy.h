/* tcp_proxy.h - a TCP proxy on loopback to a Unix or TCP socket, which can misbehave: it freezes
 * sessions, drops answers, cuts sessions, and closes only one of their two sides. */
#ifndef TESTS_TCP_PROXY_H
#define TESTS_TCP_PROXY_H
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct tcp_proxy {
    int port;              /* on 127.0.0.1 */
    char socket_path[120]; /* the server; if empty, server_port on 127.0.0.1 */
    int server_port;
    atomic_int frozen; /* sessions with a number up to this pass nothing on and close nothing */
    atomic_bool drops_answers; /* passes on only what clients send */
    atomic_bool refuses;       /* closes new sessions at once */
    atomic_int sessions;       /* accepted so far */
    atomic_int open;           /* threads of sessions that have not ended */
    atomic_int cuts;           /* sessions with a number up to this are closed */
    const char *mark; /* a session whose client has sent this text is marked; NULL: none is */
    atomic_bool freezes_marked;
    /* One side of marked sessions is closed at once, the other when this is false again. */
    atomic_bool leaves_clients, leaves_servers;
    atomic_int marked; /* sessions marked so far */
    int listener;
    pthread_t thread; /* which accepts sessions */
};

bool tcp_proxy_start(struct tcp_proxy *proxy);
void tcp_proxy_cut(struct tcp_proxy *proxy); /* closes all sessions */
void tcp_proxy_stop(struct tcp_proxy *proxy);
#endif
