/* fault_proxy.c - an HTTP server and HTTP proxy that answers as a test says, or forwards to a port.
 *
 * Usage: fault_proxy FOLDER PORT [CERTIFICATE KEY]. Prints "listening on PORT". With a certificate
 * it speaks TLS. It forwards all requests, also those for other hosts and CONNECT, to
 * 127.0.0.1:PORT, one per connection. The files of FOLDER decide, at each connection: reset   the
 * connection is reset when the first bytes have come match   only requests whose head contains this
 * text get the answer answer  these bytes are sent instead of forwarding the request, then the
 * connection is closed It appends the first line of each request to FOLDER/requests. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MAX = 64 * 1024, ANSWER_MAX = 1 << 20, PIECE = 64 * 1024 };

struct client {
    int fd;
    SSL *tls; /* NULL: without TLS */
    char head[HEAD_MAX + 1];
    size_t size; /* of what was read, which may be more than the head */
};

static const char *folder;
static uint16_t target;
static SSL_CTX *tls_context;

static ssize_t receive(struct client *client, char *out, size_t size)
{
    return client->tls ? SSL_read(client->tls, out, (int)size) : recv(client->fd, out, size, 0);
}

static bool send_all(int fd, SSL *tls, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = tls ? SSL_write(tls, data, (int)size) : send(fd, data, size, MSG_NOSIGNAL);

        if (sent < 0 && !tls && errno == EINTR) {
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

/* Reads a file of the folder. Returns its size, or -1 if it does not exist. */
static ssize_t read_file(const char *name, char *out, size_t size)
{
    char path[4096];
    FILE *file;
    size_t got;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file) {
        return -1;
    }
    got = fread(out, 1, size - 1, file);
    fclose(file);
    out[got] = '\0';
    return (ssize_t)got;
}

static void log_request(const struct client *client)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/requests", folder);
    file = fopen(path, "ae");
    if (file) {
        fprintf(file, "%.*s\n", (int)strcspn(client->head, "\r\n"), client->head);
        fclose(file);
    }
}

/* Waits for the first bytes: a reset before them can reach the client while it still connects. */
static void reset_connection(int fd)
{
    struct linger at_once = { .l_onoff = 1 };
    char first;

    (void)!recv(fd, &first, 1, MSG_PEEK);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* Returns false if the connection ends before the head is complete. */
static bool read_head(struct client *client)
{
    while (!strstr(client->head, "\r\n\r\n")) {
        ssize_t got = receive(client, client->head + client->size, HEAD_MAX - client->size);

        if (got <= 0) {
            return false;
        }
        client->size += (size_t)got;
        client->head[client->size] = '\0';
    }
    return true;
}

/* Reads the body, so that closing the connection does not reset it before the answer is read. */
static void discard_body(struct client *client)
{
    const char *length = strcasestr(client->head, "\r\ncontent-length:");
    size_t head = (size_t)(strstr(client->head, "\r\n\r\n") + 4 - client->head);
    size_t left = length ? (size_t)strtoull(length + 17, NULL, 10) : 0;
    char piece[PIECE];

    for (size_t done = client->size - head; done < left;) {
        ssize_t got = receive(client, piece, sizeof piece);

        if (got <= 0) {
            return;
        }
        done += (size_t)got;
    }
}

/* Sends the answer of the folder. Returns false if it has none for this request. */
static bool answer(struct client *client)
{
    char match[1024] = "", *bytes = malloc(ANSWER_MAX);
    ssize_t size = bytes ? read_file("answer", bytes, ANSWER_MAX) : -1;

    if (size < 0 || (read_file("match", match, sizeof match) > 0 &&
                     !strstr(client->head, strtok(match, "\n")))) {
        free(bytes);
        return false;
    }
    discard_body(client);
    send_all(client->fd, client->tls, bytes, (size_t)size);
    free(bytes);
    return true;
}

static int connect_target(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons(target) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Forwards the head with its target as a path, and asks the server to close the connection. */
static bool forward_head(struct client *client, int server)
{
    char *line_end = strstr(client->head, "\r\n"), *path = strchr(client->head, ' ') + 1;
    char *host = strncasecmp(path, "http://", 7) == 0 ? path + 7 : NULL, *rest = path;

    if (host) {
        rest = host + strcspn(host, "/ ");
    }
    return send_all(server, NULL, client->head, (size_t)(path - client->head)) &&
           (*rest == '/' || send_all(server, NULL, "/", 1)) &&
           send_all(server, NULL, rest, (size_t)(line_end - rest)) &&
           send_all(server, NULL, "\r\nConnection: close", 19) &&
           send_all(server, NULL, line_end, client->size - (size_t)(line_end - client->head));
}

static void relay(struct client *client, int server)
{
    struct pollfd fds[] = { { .fd = client->fd, .events = POLLIN },
                            { .fd = server, .events = POLLIN } };
    char piece[PIECE];

    for (;;) {
        bool buffered = client->tls && SSL_pending(client->tls) > 0;
        ssize_t got;

        if (!buffered && poll(fds, 2, -1) <= 0) {
            return;
        }
        if (buffered || fds[0].revents) {
            got = receive(client, piece, sizeof piece);
            if (got <= 0 || !send_all(server, NULL, piece, (size_t)got)) {
                return;
            }
        }
        if (!buffered && fds[1].revents) {
            got = recv(server, piece, sizeof piece, 0);
            if (got <= 0 || !send_all(client->fd, client->tls, piece, (size_t)got)) {
                return;
            }
        }
    }
}

static void forward(struct client *client)
{
    static const char opened[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    bool tunnel = strncmp(client->head, "CONNECT ", 8) == 0;
    int server = connect_target();

    if (server < 0) {
        return;
    }
    if (tunnel ? send_all(client->fd, client->tls, opened, sizeof opened - 1)
               : forward_head(client, server)) {
        relay(client, server);
    }
    close(server);
}

static void *serve(void *context)
{
    struct client *client = context;
    char ignored[2];

    if (read_file("reset", ignored, sizeof ignored) >= 0) {
        reset_connection(client->fd);
    } else if ((!client->tls || SSL_accept(client->tls) == 1) && read_head(client)) {
        log_request(client);
        if (!answer(client)) {
            forward(client);
        }
        if (client->tls) {
            SSL_shutdown(client->tls);
        }
    }
    SSL_free(client->tls);
    close(client->fd);
    free(client);
    return NULL;
}

static void accept_one(int listener)
{
    struct client *client = calloc(1, sizeof *client);
    pthread_t thread;

    if (!client) {
        exit(1);
    }
    client->fd = accept(listener, NULL, NULL);
    if (client->fd < 0) {
        perror("fault_proxy");
        exit(1);
    }
    if (tls_context) {
        client->tls = SSL_new(tls_context);
        SSL_set_fd(client->tls, client->fd);
    }
    if (pthread_create(&thread, NULL, serve, client) != 0) {
        exit(1);
    }
    pthread_detach(thread);
}

static bool load_certificate(const char *certificate, const char *key)
{
    tls_context = SSL_CTX_new(TLS_server_method());
    return tls_context && SSL_CTX_use_certificate_chain_file(tls_context, certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(tls_context, key, SSL_FILETYPE_PEM) == 1;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: fault_proxy FOLDER PORT [CERTIFICATE KEY]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    folder = argv[1];
    target = (uint16_t)strtol(argv[2], NULL, 10);
    if (argc == 5 && !load_certificate(argv[3], argv[4])) {
        fprintf(stderr, "fault_proxy: cannot load %s\n", argv[3]);
        return 1;
    }
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("fault_proxy");
        return 1;
    }
    printf("listening on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        accept_one(listener);
    }
}
