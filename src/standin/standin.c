/* standin.c - the stand-in's HTTP server: libmicrohttpd with one thread that polls. */
#include "standin/standin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/receive_timestamp.h"
#include "standin/routes.h"
#include "standin/standin_internal.h"

static enum MHD_Result close_connection(struct standin_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    if (info && request->fault.kind == FAULT_RESET) { /* close() then sends a reset */
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return MHD_NO;
}

static enum MHD_Result send_answer(struct standin_request *request)
{
    struct answer *answer = &request->answer;
    struct MHD_Response *response;
    enum MHD_Result result;
    char milliseconds[24];

    if (request->gate_count == 0) {
        body_note(request);
    }
    if (request->drop) {
        return close_connection(request);
    }
    response = body_response(request);
    if (!response) {
        return MHD_NO;
    }
    snprintf(milliseconds, sizeof milliseconds, "%lld",
             (long long)(clock_mono_us() - request->arrived_us) / 1000);
    if (strncmp(request->path, "/v1/", 4) == 0) {
        answer_header(answer, "openai-processing-ms", milliseconds);
    }
    MHD_add_response_header(response, "Content-Type", answer->content_type);
    for (int i = 0; i < answer->header_count; i++) {
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    result = MHD_queue_response(request->connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **slot)
{
    struct standin_request *request = *slot;

    (void)version;
    if (!request) {
        *slot = request_new(context, connection, url, method);
        return MHD_YES;
    }
    if (*size > 0) {
        request_append(request, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (request->phase == PHASE_READING) {
        routes_handle(request);
        if (request->phase != PHASE_WAITING) {
            return send_answer(request);
        }
        MHD_suspend_connection(connection);
        if (!scheduler_add(request->standin->scheduler, request)) {
            request->drop = true;
            request->phase = PHASE_READY;
            MHD_resume_connection(connection);
        }
        return MHD_YES;
    }
    return request->phase == PHASE_READY ? send_answer(request) : MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode code)
{
    struct standin_request *request = *slot;
    struct standin *standin = context;

    (void)connection;
    (void)code;
    if (!request) {
        return;
    }
    if (request->gate_count > 0) { /* a stream that ended early */
        request->record.left =
            code != MHD_REQUEST_TERMINATED_COMPLETED_OK && request->fault.kind != FAULT_TRUNCATE;
        body_note(request);
    } else if (request->phase == PHASE_READY &&
               !request->journaled) { /* the client disconnected before the answer was sent */
        request->drop = true;
        request->record.left = true;
        body_note(request);
    }
    if (request->in_flight_counted) {
        pthread_mutex_lock(&standin->lock);
        standin->in_flight--;
        pthread_mutex_unlock(&standin->lock);
    }
    request_free(request);
    *slot = NULL;
}

/* The first request of a connection arrived when the kernel received it, which may be earlier than
 * this call. */
static void on_connection(void *context, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode what)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct receive_timestamp *receive_timestamp;

    (void)context;
    if (what != MHD_CONNECTION_NOTIFY_STARTED) {
        free(*slot);
        *slot = NULL;
        return;
    }
    *slot = receive_timestamp = xcalloc(1, sizeof *receive_timestamp);
    if (info && !receive_timestamp_peek(info->connect_fd, receive_timestamp)) {
        receive_timestamp->waiting = 0;
    }
}

static void copy_config(struct standin *standin, const struct standin_config *config)
{
    const char **texts[] = { &standin->config.key,          &standin->config.latency,
                             &standin->config.faults,       &standin->config.faults_file,
                             &standin->config.journal,      &standin->config.store,
                             &standin->config.save_requests };

    standin->config = *config;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool given = *texts[i] && (*texts[i])[0];

        *texts[i] = given ? xstrdup(*texts[i]) : NULL;
    }
}

static void free_config(struct standin_config *config)
{
    const char *texts[] = { config->key,          config->latency, config->faults,
                            config->faults_file,  config->journal, config->store,
                            config->save_requests };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free((char *)texts[i]);
    }
}

static bool read_faults_file(struct standin *standin, struct error *err)
{
    char text[65536];
    FILE *file;
    size_t size;

    if (!standin->config.faults_file) {
        return true;
    }
    file = fopen(standin->config.faults_file, "re");
    if (!file) {
        return error_set(err, ERROR_CONFIG, "cannot read '%s': %s", standin->config.faults_file,
                         strerror(errno));
    }
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    return faults_parse(&standin->faults, text, err);
}

static bool listen_here(struct standin *standin, struct error *err)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)standin->config.port) };
    const union MHD_DaemonInfo *info;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* poll, because libmicrohttpd's epoll mode (0.9.75) misses events that arrive in groups of 128
     */
    standin->daemon =
        MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0,
                         NULL, NULL, on_request, standin, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_NOTIFY_COMPLETED, on_completed, standin,
                         MHD_OPTION_NOTIFY_CONNECTION, on_connection, standin,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)STANDIN_CONNECTIONS,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)131072,
                         MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u, MHD_OPTION_END);
    info = standin->daemon ? MHD_get_daemon_info(standin->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        bool used = errno == EADDRINUSE;

        error_set(err, ERROR_CONFIG, "cannot listen on 127.0.0.1:%d: %s", standin->config.port,
                  strerror(errno));
        return used &&
               error_hint(err, "Another stand-in may be running there: choose another --port, or "
                               "leave it out for a free one.");
    }
    standin->port = info->port;
    info = MHD_get_daemon_info(standin->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    (void)(info && receive_timestamp_enable(info->listen_fd)); /* accepted sockets inherit it */
    return true;
}

bool standin_start(const struct standin_config *config, struct standin **out, struct error *err)
{
    struct standin *standin = xcalloc(1, sizeof *standin);

    pthread_mutex_init(&standin->lock, NULL);
    standin->random = config->seed;
    standin->pictures = product_images_new();
    standin->uploads = uploads_open();
    copy_config(standin, config);
    if (!latencies_parse(config->latency, config->quantiles_per_set, &standin->latencies, err) ||
        !faults_parse(&standin->faults, config->faults, err) || !read_faults_file(standin, err) ||
        !model_list_load(&standin->models, err) ||
        !storage_open(standin->config.store, &standin->storage, err) ||
        !journal_open(standin->config.journal, &standin->journal, err) ||
        !scheduler_start(standin, batches_step, &standin->scheduler, err) ||
        !listen_here(standin, err)) {
        standin_stop(standin);
        return false;
    }
    if (standin->config.save_requests) {
        mkdir(standin->config.save_requests, 0700);
    }
    *out = standin;
    return true;
}

int standin_port(const struct standin *standin)
{
    return standin->port;
}

void standin_stop(struct standin *standin)
{
    if (!standin) {
        return;
    }
    scheduler_close(
        standin->scheduler); /* libmicrohttpd must not stop with suspended connections */
    if (standin->daemon) {
        MHD_stop_daemon(standin->daemon);
    }
    scheduler_free(standin->scheduler);
    product_images_free(standin->pictures);
    storage_close(standin->storage);
    batches_close(standin);
    uploads_close(standin->uploads);
    journal_close(standin->journal);
    model_list_free(standin->models);
    generated_files_free(standin->generated);
    faults_free(&standin->faults);
    latencies_free(&standin->latencies);
    free_config(&standin->config);
    pthread_mutex_destroy(&standin->lock);
    free(standin);
}
