/* http_watch.c - creating, pausing and closing the watches of sockets. */
#include "io/http/http_watch.h"

#include <stdlib.h>

#include "base/memory.h"

struct watch *watch_new(struct http *http, CURLM *multi, curl_socket_t fd)
{
    struct watch *watch = xcalloc(1, sizeof *watch);

    if (uv_poll_init(loop_uv(http->loop), &watch->poll, fd) != 0) {
        free(watch);
        return NULL;
    }
    watch->http = http;
    watch->multi = multi;
    watch->fd = fd;
    watch->poll.data = watch;
    return watch;
}

static void free_watch(uv_handle_t *handle)
{
    free(handle->data);
}

void watch_close(struct watch *watch)
{
    list_remove(&watch->node);
    uv_poll_stop(&watch->poll);
    uv_close((uv_handle_t *)&watch->poll, free_watch);
}

void watch_pause(struct watch *watch)
{
    uv_poll_stop(&watch->poll);
}

void watch_resume(struct watch *watch)
{
    uv_poll_start(&watch->poll, UV_READABLE, watch->http->on_poll);
}

void watch_clear_transfer(struct watch *watch)
{
    if (watch) {
        watch->transfer = NULL;
    }
}
