/* freeze_proxy.c - forwards PostgreSQL connections from a TCP port to a Unix socket, and stops some
 * of them on command.
 *
 * usage: freeze_proxy TARGET TEXT
 *
 * Prints its port. Connections whose client has sent TEXT are marked. Reads a command per line, and
 * prints how many connections were marked so far:
 *
 *   freeze         marked connections pass nothing on
 *   freeze_all     all connections pass nothing on
 *   leave_servers  closes marked connections on the client's side; the server does not learn of it
 *   leave_clients  closes them on the server's side; the client does not learn of it
 *   resume         ends each of these
 *
 * Ends at the end of its input. */
#include <stdio.h>
#include <string.h>

#include "lib/tcp_proxy.h"

static struct tcp_proxy proxy;

static void obey(const char *command)
{
    proxy.freezes_marked = strcmp(command, "freeze") == 0;
    proxy.frozen = strcmp(command, "freeze_all") == 0 ? proxy.sessions : 0;
    proxy.leaves_servers = strcmp(command, "leave_servers") == 0;
    proxy.leaves_clients = strcmp(command, "leave_clients") == 0;
}

int main(int argc, char **argv)
{
    char command[40];

    if (argc != 3) {
        fputs("usage: freeze_proxy TARGET TEXT\n", stderr);
        return 2;
    }
    snprintf(proxy.socket_path, sizeof proxy.socket_path, "%s", argv[1]);
    proxy.mark = argv[2];
    if (!tcp_proxy_start(&proxy)) {
        fputs("freeze_proxy: cannot listen\n", stderr);
        return 1;
    }
    printf("%d\n", proxy.port);
    fflush(stdout);
    while (scanf("%39s", command) == 1) {
        obey(command);
        printf("%d\n", proxy.marked);
        fflush(stdout);
    }
    return 0;
}
