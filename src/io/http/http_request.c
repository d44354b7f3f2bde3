/* http_request.c - configures an easy handle of libcurl from an op. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/http/http_internal.h"

enum {
    CONNECT_MS = 10 * 1000,
    TOTAL_MS = 600 * 1000,
    BUFFER_BYTES = 16 * 1024, /* per transfer; thousands may be waiting */
    UPLOAD_BYTES = 16 * 1024, /* the minimum; the default is 64 KB per transfer */
    REDIRECTS = 3
};

static bool add_header(struct transfer *transfer, const char *line)
{
    struct curl_slist *more = curl_slist_append(transfer->headers, line);

    if (more) {
        transfer->headers = more;
    }
    return more != NULL;
}

static bool add_headers(struct transfer *transfer)
{
    const struct http_request *ask = &transfer->op->http;
    /* No "Expect: 100-continue", which costs an extra round trip before the body; and no
     * "Accept-Encoding", because images do not get smaller. */
    bool good = add_header(transfer, "Expect:") && add_header(transfer, "Accept-Encoding:");

    for (int i = 0; good && i < ask->header_count; i++) {
        const struct http_header *header = &ask->headers[i];
        const char *secret = header->secret ? secret_reveal(header->secret) : "";
        size_t line_size = strlen(header->name) + strlen(header->value) + strlen(secret) + 4;
        char *line = malloc(line_size);

        if (!line) {
            return false;
        }
        snprintf(line, line_size, "%s: %s%s", header->name, header->value, secret);
        good = !strpbrk(line, "\r\n") && add_header(transfer, line);
        explicit_bzero(line, line_size);
        free(line);
    }
    return good &&
           curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

struct part_reader { /* how far libcurl has read a part, which it does not copy */
    const struct blob *blob;
    size_t at;
};

static size_t part_read(char *out, size_t size, size_t count, void *context)
{
    struct part_reader *part = context;
    size_t capacity = size * count, left = part->blob->size - part->at;
    size_t part_size = capacity < left ? capacity : left;

    memcpy(out, part->blob->data + part->at, part_size);
    part->at += part_size;
    return part_size;
}

static int part_seek(void *context, curl_off_t offset, int origin)
{
    struct part_reader *part = context;

    if (origin != SEEK_SET || offset < 0 || (size_t)offset > part->blob->size) {
        return CURL_SEEKFUNC_FAIL;
    }
    part->at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static bool add_content(curl_mimepart *mime, const struct http_part *part)
{
    struct part_reader *reading = xcalloc(1, sizeof *reading);

    *reading = (struct part_reader){ .blob = &part->content };
    if (curl_mime_data_cb(mime, (curl_off_t)part->content.size, part_read, part_seek, free,
                          reading) != CURLE_OK) {
        free(reading);
        return false;
    }
    return true;
}

static bool add_part(struct transfer *transfer, const struct http_part *part)
{
    curl_mimepart *mime = curl_mime_addpart(transfer->mime);

    if (!mime || !(part->path ? curl_mime_filedata(mime, part->path) == CURLE_OK
                              : add_content(mime, part))) {
        return false;
    }
    return curl_mime_name(mime, part->name) == CURLE_OK &&
           (!part->filename || curl_mime_filename(mime, part->filename) == CURLE_OK) &&
           (!part->content_type || curl_mime_type(mime, part->content_type) == CURLE_OK);
}

static bool add_body(struct transfer *transfer)
{
    const struct http_request *ask = &transfer->op->http;
    CURL *easy = transfer->easy;

    if (ask->part_count > 0) {
        transfer->mime = curl_mime_init(easy);
        for (int i = 0; transfer->mime && i < ask->part_count; i++) {
            if (!add_part(transfer, &ask->parts[i])) {
                return false;
            }
        }
        return transfer->mime &&
               curl_easy_setopt(easy, CURLOPT_MIMEPOST, transfer->mime) == CURLE_OK;
    }
    if (strcmp(ask->method, "HEAD") == 0) {
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    }
    if (strcmp(ask->method, "GET") == 0) {
        return curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    }
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, ask->body.data ? (const char *)ask->body.data : "");
    return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, ask->method) == CURLE_OK;
}

static void set_guard(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, http_guard_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* behind a proxy the real address is unknown */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, transfer->trusted ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
                     transfer->http->config.allow_loopback_fetch ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1024L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 15L);
}

bool http_request_fill(struct transfer *transfer, struct error *err)
{
    const struct http_config *config = &transfer->http->config;
    const struct op *op = transfer->op;
    CURL *easy = transfer->easy;
    uint32_t total = op->timeout_ms ? op->timeout_ms : config->total_timeout_ms;

    if (op->http.untrusted_url) {
        if (!http_guard_url(transfer, op->http.url, err)) {
            return false;
        }
        set_guard(transfer);
    } else {
        http_proxy_set(transfer);
    }
    http_ca_set(transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->message);
    curl_easy_setopt(easy, CURLOPT_URL, op->http.url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->http->user_agent);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    if (strcmp(op->http.method, "POST") == 0) {
        /* Decodes what some gateways compress. Not of a file: S3 stores encodings with it that are
         * none, such as aws-chunked, and libcurl fails at those that it does not know. */
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    }
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, op->http.new_connection ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE,
                     op->http.new_connection || transfer->trusted
                         ? 1L
                         : 0L); /* not checked by the guard: must not be reused */
    total = total ? total : TOTAL_MS;
    transfer->connect_ms = config->connect_timeout_ms ? config->connect_timeout_ms : CONNECT_MS;
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     op->http.untrusted_url ? (long)transfer->connect_ms : (long)total + 1000);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)total);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, http_headers_receive);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    if (!add_headers(transfer) || !add_body(transfer)) {
        return error_set(err, ERROR_INTERNAL, "cannot build the request");
    }
    return true;
}
