/* cut_statements.c - forwards PostgreSQL connections between two Unix sockets, and cuts some of
 * them.
 *
 * usage: cut_statements LISTEN TARGET before|after STRIDE OFFSET
 *
 * Counts the statements of all connections, those of the start too. Every statement whose number
 * modulo STRIDE is OFFSET ends its connection: before the server receives it, or after the server
 * has executed it but before the client receives the answer. On SIGTERM, prints how many statements
 * it has seen and cut. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINKS = 64, BUFFER = 65536 };

struct framing { /* position in a stream of messages: one byte of type, four of length, content */
    unsigned char header[5];
    int have, skip; /* bytes of the header read; 1 if the first message has no type */
    uint32_t left;  /* bytes of content not read yet */
};

struct link {
    int client, server; /* -1: unused */
    struct framing from_client, from_server;
    bool swallows; /* the answer of the current statement must not reach the client */
};

static struct link links[LINKS];
static unsigned long statements, cuts, stride, offset;
static bool cut_after;
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void address_of(struct sockaddr_un *address, const char *path)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    address_of(&address, path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void close_link(struct link *link)
{
    close(link->client);
    close(link->server);
    *link = (struct link){ .client = -1, .server = -1 };
}

/* Reads one byte. Returns the type of the message that begins with it, or 0. */
static int next_message(struct framing *framing, unsigned char byte)
{
    uint32_t length;

    if (framing->left > 0) {
        framing->left--;
        return 0;
    }
    framing->header[framing->skip + framing->have++] = byte;
    if (framing->skip + framing->have < 5) {
        return 0;
    }
    length = (uint32_t)framing->header[1] << 24 | (uint32_t)framing->header[2] << 16 |
             (uint32_t)framing->header[3] << 8 | framing->header[4];
    framing->left = length > 4 ? length - 4 : 0;
    framing->have = 0;
    if (framing->skip) { /* the startup message */
        framing->skip = 0;
        return 0;
    }
    return framing->header[0];
}

/* Decides about what the client sends. Returns false if the link must end now. A statement is
 * complete with Query or Sync. */
static bool client_may_send(struct link *link, const unsigned char *bytes, ssize_t size)
{
    for (ssize_t i = 0; i < size; i++) {
        int type = next_message(&link->from_client, bytes[i]);

        if ((type == 'Q' || type == 'S') && statements++ % stride == offset) {
            cuts++;
            link->swallows = cut_after;
            if (!cut_after) {
                return false;
            }
        }
    }
    return true;
}

/* The same for the server, which is ready for the next statement when it sends ReadyForQuery. */
static bool server_may_send(struct link *link, const unsigned char *bytes, ssize_t size)
{
    bool is_ready = false;

    for (ssize_t i = 0; i < size; i++) {
        is_ready = next_message(&link->from_server, bytes[i]) == 'Z' || is_ready;
    }
    return !(link->swallows && is_ready);
}

static bool write_all(int fd, const unsigned char *bytes, ssize_t size)
{
    while (size > 0) {
        ssize_t written = send(fd, bytes, (size_t)size, MSG_NOSIGNAL);

        if (written <= 0) {
            return false;
        }
        bytes += written;
        size -= written;
    }
    return true;
}

static void forward(struct link *link, bool from_client)
{
    static unsigned char buffer[BUFFER];
    ssize_t size = read(from_client ? link->client : link->server, buffer, sizeof buffer);
    bool goes_on = size > 0 && (from_client ? client_may_send(link, buffer, size)
                                            : server_may_send(link, buffer, size));

    if (goes_on && (from_client || !link->swallows)) {
        goes_on = write_all(from_client ? link->server : link->client, buffer, size);
    }
    if (!goes_on) {
        close_link(link);
    }
}

static void accept_link(int listener, const char *target)
{
    int client = accept(listener, NULL, NULL), server = client < 0 ? -1 : connect_to(target);
    struct link *link = links;

    while (link < links + LINKS && link->client >= 0) {
        link++;
    }
    if (server < 0 || link == links + LINKS) {
        close(client);
        close(server);
        return;
    }
    *link = (struct link){ .client = client, .server = server, .from_client.skip = 1 };
}

static void turn(int listener, const char *target)
{
    struct pollfd polls[1 + 2 * LINKS];

    polls[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (int i = 0; i < LINKS; i++) {
        polls[1 + 2 * i] = (struct pollfd){ .fd = links[i].client, .events = POLLIN };
        polls[2 + 2 * i] = (struct pollfd){ .fd = links[i].server, .events = POLLIN };
    }
    if (poll(polls, 1 + 2 * LINKS, -1) < 0) {
        return;
    }
    for (int i = 0; i < LINKS; i++) {
        if (links[i].client >= 0 && polls[1 + 2 * i].revents) {
            forward(&links[i], true);
        }
        if (links[i].client >= 0 && polls[2 + 2 * i].revents) {
            forward(&links[i], false);
        }
    }
    if (polls[0].revents) {
        accept_link(listener, target);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_un address;
    struct sigaction action = { .sa_handler = on_signal };
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    if (argc != 6) {
        fputs("usage: cut_statements LISTEN TARGET before|after STRIDE OFFSET\n", stderr);
        return 2;
    }
    cut_after = strcmp(argv[3], "after") == 0;
    stride = strtoul(argv[4], NULL, 10);
    offset = strtoul(argv[5], NULL, 10);
    for (int i = 0; i < LINKS; i++) {
        links[i] = (struct link){ .client = -1, .server = -1 };
    }
    sigaction(SIGTERM, &action, NULL);
    address_of(&address, argv[1]);
    unlink(argv[1]);
    if (stride == 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, LINKS) != 0) {
        fprintf(stderr, "cut_statements: cannot listen on %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    while (!stopped) {
        turn(listener, argv[2]);
    }
    printf("%lu %lu\n", statements, cuts);
    return 0;
}
