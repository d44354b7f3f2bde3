/* record_proxy.c - forwards connections to a server, and records every byte that clients send.
 *
 * Usage: record_proxy FOLDER PORT, or record_proxy FOLDER /path/of/a/unix/socket. Prints "listening
 * on PORT" and writes the bytes of each connection to FOLDER/1, FOLDER/2, ... Tests of secrets read
 * these files: a journal of the server itself could miss a header that it does not know. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct connection {
    int client, server;
    FILE *record;
};

static const char *target; /* a port or the path of a socket */

static int connect_target(void)
{
    struct sockaddr_in inet = { .sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)strtol(target, NULL, 10)) };
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    bool is_path = target[0] == '/';
    int fd = socket(is_path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int status;

    snprintf(local.sun_path, sizeof local.sun_path, "%s", target);
    status = is_path ? connect(fd, (struct sockaddr *)&local, sizeof local)
                     : connect(fd, (struct sockaddr *)&inet, sizeof inet);
    if (status != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Moves what one side has sent to the other. Returns false at its end. */
static bool forward(int from, int to, FILE *record)
{
    char data[65536];
    ssize_t size = recv(from, data, sizeof data, 0);

    if (size <= 0) {
        return false;
    }
    if (record) { /* before it is sent, so that a response proves that its request is recorded */
        fwrite(data, 1, (size_t)size, record);
        fflush(record);
    }
    return send_all(to, data, (size_t)size);
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct pollfd fds[] = { { .fd = connection->client, .events = POLLIN },
                            { .fd = connection->server, .events = POLLIN } };

    while (poll(fds, 2, -1) > 0) {
        if (fds[0].revents &&
            !forward(connection->client, connection->server, connection->record)) {
            break;
        }
        if (fds[1].revents && !forward(connection->server, connection->client, NULL)) {
            break;
        }
    }
    close(connection->client);
    close(connection->server);
    fclose(connection->record);
    free(connection);
    return NULL;
}

static void accept_one(int listener, const char *folder, int number)
{
    struct connection *connection = calloc(1, sizeof *connection);
    char path[4096];
    pthread_t thread;

    if (!connection) {
        exit(1);
    }
    snprintf(path, sizeof path, "%s/%d", folder, number);
    connection->client = accept(listener, NULL, NULL);
    connection->server = connect_target();
    connection->record = fopen(path, "we");
    if (connection->client < 0 || !connection->record) {
        perror(path);
        exit(1);
    }
    if (connection->server < 0) { /* like a server that is down */
        close(connection->client);
        fclose(connection->record);
        free(connection);
    } else if (pthread_create(&thread, NULL, serve, connection) == 0) {
        pthread_detach(thread);
    } else {
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 3) {
        fprintf(stderr, "usage: record_proxy FOLDER PORT|SOCKET\n");
        return 2;
    }
    target = argv[2];
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("record_proxy");
        return 1;
    }
    printf("listening on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int number = 1;; number++) {
        accept_one(listener, argv[1], number);
    }
}
