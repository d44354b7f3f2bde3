/* op.h - one operation outside this process (a request, a statement, a file), and its result.
 *
 * Steps and adapters only fill an op and read its result; a performer (io/perform.h) performs it.
 * So the code above src/io consists of plain functions over data, which run the same in a test, a
 * fuzzer and the worker. Everything that an op points to must stay valid until it is done. op_clear
 * frees what the result owns, and makes the op ready for reuse. */
#ifndef IO_OP_H
#define IO_OP_H
#include "base/blob.h"
#include "base/error.h"
#include "base/secret.h"

enum op_kind { OP_NONE, OP_HTTP, OP_SQL, OP_WORK, OP_FILE, OP_SLEEP };

enum { OP_HEADERS = 12, OP_PARAMS = 16 };

struct http_header {
    const char *name;
    const char *value;           /* the value; if `secret` is set, its prefix: "Bearer " */
    const struct secret *secret; /* revealed only while the request is built; NULL = none */
};

struct http_part { /* one part of multipart/form-data */
    const char *name;
    const char *filename;     /* NULL = a plain field */
    const char *content_type; /* of a file part */
    struct blob content;      /* borrowed */
    const char *path;         /* if not NULL: a file that is read while it is sent */
};

struct http_request {
    const char *method; /* "GET", "POST", "PUT", "HEAD", "DELETE" */
    const char *url;
    struct http_header headers[OP_HEADERS];
    int header_count;
    struct blob body;              /* borrowed */
    const struct http_part *parts; /* multipart, instead of body */
    int part_count;
    size_t max_response_bytes; /* a longer body fails as ERROR_REMOTE; 0 = 64 MiB */
    /* If the response is text/event-stream, events whose name ends in this (".partial_image") only
     * report progress: they are counted, and not kept. The stream may then be four times as long
     * as max_response_bytes. NULL = all events are kept. */
    const char *progress_suffix;
    /* If not NULL, the body of a 2xx response is written to this file, which appears only when it
     * is complete. Other bodies stay in http_response.body. */
    const char *body_path;
    /* For billed requests. Uses a new connection, because libcurl sends a request again by itself
     * if a connection that it reuses turns out to be closed. */
    bool new_connection;
    bool untrusted_url; /* the URL comes from a user: internal addresses are refused */
};

struct http_times {                     /* microseconds since the op began; -1 = did not happen */
    int64_t dns_us, connect_us, tls_us; /* when each of these was done */
    int64_t pretransfer_us;             /* when sending the request began */
    int64_t first_byte_us, total_us;    /* of the response: its first and last byte */
    int64_t first_event_us;             /* the first progress event was complete */
    /* Of total_us, how long it waited for this process at most: for the loop, before the request
     * was begun or sent or data was read; and for backpressure. Without http_config.loop_lag only
     * backpressure is included. */
    int64_t loop_delay_us;
    /* After total_us, how long the last byte lay in the socket before it was read. 0 if the kernel
     * gives no timestamps; the delay is then included in total_us and loop_delay_us. */
    int64_t receive_delay_us;
    bool reused; /* no new connection was made */
};

struct http_response {
    int status;
    int http_version;    /* 10, 11, 20, 30; 0 = no response */
    struct blob body;    /* owned by the op; move it with blob_move */
    size_t body_bytes;   /* received, including progress events */
    int progress_events; /* dropped */
    char content_type[80];
    char request_id[96];     /* x-request-id; may be empty */
    uint32_t retry_after_ms; /* retry-after-ms, else retry-after; 0 = none */
    int64_t processing_ms;   /* openai-processing-ms; -1 = none */
    int64_t limit_requests;  /* x-ratelimit-limit-requests; -1 = none */
    int64_t remaining_requests;
    int64_t reset_requests_ms; /* x-ratelimit-reset-requests ("1s", "6m0s", "12ms") */
    char should_retry;         /* x-should-retry: 't', 'f' or 0 */
    bool request_sent;         /* at least partly: it may have been executed and billed */
    struct http_times times;
};

/* A statement returns at most one row, of one json or text value. */
struct sql_request {
    const char *statement;         /* a file of sql/queries, without .sql */
    const char *params[OP_PARAMS]; /* as text; NULL = SQL null */
    int param_count;
    bool urgent; /* claims and heartbeats: uses a connection that jobs do not use */
};
struct sql_result {
    struct blob value; /* owned; followed by a zero byte; size 0 = no row, or null */
};

struct work_request { /* runs on a pool thread; must only access `arg` */
    bool (*run)(void *arg, struct error *err);
    void *arg;
};

struct file_request {
    const char *path;
    bool write;          /* atomically: under a temporary name, then renamed */
    bool remove;         /* a missing file is not an error */
    bool owner_only;     /* with write: the file gets mode 0600 */
    struct blob head;    /* written before content; borrowed; may be empty */
    struct blob content; /* written; borrowed */
    size_t read_limit;   /* bytes; 0 = 64 MiB */
    bool piece; /* with write: write at `offset`, and truncate after it; else read one line */
    int64_t offset;
};
struct file_result {
    struct blob content; /* owned */
    bool missing;        /* the file does not exist; not an error */
    bool too_long;       /* the line is longer than read_limit, and was skipped */
    int64_t next;        /* offset of the next line; equal to file.offset at the end of the file */
};

struct op {
    enum op_kind kind;
    uint32_t timeout_ms; /* of the op; 0 = the default for its kind */
    struct http_request http;
    struct sql_request sql;
    struct work_request work;
    struct file_request file;
    uint32_t sleep_ms; /* of OP_SLEEP; with other kinds: delay before it is performed */

    struct http_response http_response;
    struct sql_result sql_result;
    struct file_result file_result;
    struct error error;         /* ERROR_NONE = performed, the result can be read */
    int64_t began_us, ended_us; /* clock_mono_us */
};

/* Frees what the result owns, and zeroes the op. */
void op_clear(struct op *op);

void op_header(struct op *op, const char *name, const char *value);
void op_secret_header(struct op *op, const char *name, const char *prefix,
                      const struct secret *secret);
void op_param(struct op *op, const char *value); /* adds an SQL parameter; borrowed */
#endif
