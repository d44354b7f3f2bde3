/* op.h - one thing that a job asks of the world outside, and what came of it.
 *
 * Steps and adapters only fill an op and read its answer; a performer (io/perform.h) performs it.
 * So all of darkroom above this floor is plain functions over data: it runs the same in a test,
 * a fuzzer and the daemon. What an op points to must live until it is done; op_clear() frees what
 * the answer owns and makes the op ready for the next use. */
#ifndef IO_OP_H
#define IO_OP_H
#include "base/blob.h"
#include "base/error.h"
#include "base/secret.h"

enum op_kind { OP_NONE, OP_HTTP, OP_SQL, OP_WORK, OP_FILE, OP_SLEEP };

enum { OP_HEADERS = 12, OP_PARAMS = 16 };

struct http_header {
    const char *name;
    const char *value; /* as it is; or, where `secret` is set, what goes before it */
    const struct secret
        *secret; /* revealed by io/http.c alone: {"authorization", "Bearer ", key} */
};

struct http_part { /* one part of multipart/form-data */
    const char *name;
    const char *filename;     /* NULL: a plain field */
    const char *content_type; /* of a file part */
    struct blob content;      /* borrowed */
    const char *path;         /* instead: a file, read as it is sent; NULL: none */
};

struct http_request {
    const char *method; /* "GET", "POST", "PUT", "HEAD", "DELETE" */
    const char *url;
    struct http_header headers[OP_HEADERS];
    int header_count;
    struct blob body;              /* borrowed; sent as it is */
    const struct http_part *parts; /* multipart instead of body */
    int part_count;
    size_t max_response_bytes; /* bytes kept; a longer answer fails as ERROR_REMOTE; 0 = 64 MiB */
    /* Where the answer is text/event-stream, events whose name ends in this (".partial_image") only
     * tell of progress: they are counted and not kept, so that a stream may be four times as long
     * as max_response_bytes. All others stay in the body as they came. NULL: none is passed over.
     */
    const char *progress_suffix;
    const char *body_path; /* a good answer goes into this file as it comes, whole or not at all;
                         others into the body; NULL: all do */
    bool new_connection; /* billed: goes over a connection of its own, since libcurl sends a request
                  again by itself when a connection that was used before turns out to be dead */
    bool untrusted_url;  /* the URL came from a user: guarded against inside addresses */
};

struct http_times { /* microseconds since the op began; -1 = did not happen. total: its last byte */
    int64_t dns_us, connect_us, tls_us, pretransfer_us, first_byte_us, total_us;
    int64_t first_event_us; /* the first event of progress was whole */
    int64_t loop_delay_us;  /* of these, how long at most it waited for the loop: to be begun, with
                         news  while it was sent, with bytes that lay there while more were to come,
                         held  since too much of others was in transit; but for the holding 0 unless
                         it  is measured (io/lag.h) */
    int64_t
        receive_delay_us; /* not of these: how long its last byte lay in the socket until it was
                     taken. Where the kernel does not stamp it, 0, and it is in the two before */
    bool reused;          /* no new connection was made */
};

struct http_response {
    int status;
    int http_version;    /* 10, 11, 20, 30; 0: none */
    struct blob body;    /* owned by the op; take with blob_move */
    size_t body_bytes;   /* of the body as it came, events of progress among them */
    int progress_events; /* events of progress */
    char content_type[80];
    char request_id[96];     /* x-request-id, empty when there was none */
    uint32_t retry_after_ms; /* retry-after-ms, else retry-after; 0 = none */
    int64_t processing_ms;   /* openai-processing-ms; -1 = none */
    int64_t limit_requests;  /* x-ratelimit-limit-requests; -1 = none */
    int64_t remaining_requests;
    int64_t reset_requests_ms; /* x-ratelimit-reset-requests ("1s", "6m0s", "12ms") */
    char should_retry;         /* x-should-retry: 't', 'f' or 0 */
    bool request_sent;         /* the request left us whole: it may have been done and billed */
    struct http_times times;
};

/* Every statement gives at most one row with one json or text value, or nothing. */
struct sql_request {
    const char *statement;         /* the name of a file in sql/queries, without .sql */
    const char *params[OP_PARAMS]; /* text form; NULL is SQL null */
    int param_count;
    bool urgent; /* claims and heartbeats: goes over the connection that work cannot starve */
};
struct sql_result {
    struct blob value; /* owned; zero byte behind it; size 0: no row or null */
};

struct work_request { /* runs on a pool thread; may touch nothing but `arg` */
    bool (*run)(void *arg, struct error *err);
    void *arg;
};

struct file_request {
    const char *path;
    bool write;          /* whole or not at all: temporary name, then renamed */
    bool remove;         /* instead: remove; a missing file is success */
    struct blob head;    /* written before content; borrowed; may be empty */
    struct blob content; /* what is written; borrowed */
    size_t read_limit;   /* bytes; 0 = 64 MiB */
    bool piece;          /* write: at `offset`, what stood behind is cut; else: read one line */
    int64_t offset;
};
struct file_result {
    struct blob content; /* owned */
    bool missing;        /* there is no such file: no error */
    bool too_long;       /* a line: past read_limit, passed over */
    int64_t next;        /* a line: where the next begins; at the end of the file: file.offset */
};

struct op {
    enum op_kind kind;
    uint32_t timeout_ms; /* of the whole op; 0 = the performer's default for its kind */
    struct http_request http;
    struct sql_request sql;
    struct work_request work;
    struct file_request file;
    uint32_t sleep_ms; /* OP_SLEEP; or: wait so long before performing */

    struct http_response http_response;
    struct sql_result sql_result;
    struct file_result file_result;
    struct error error;         /* kind ERROR_NONE: performed, read the answer */
    int64_t began_us, ended_us; /* clock_mono_us */
};

/* Frees what the answer owns, and zeroes all. */
void op_clear(struct op *op);

void op_header(struct op *op, const char *name, const char *value);
void op_secret_header(struct op *op, const char *name, const char *before,
                      const struct secret *secret);
void op_param(struct op *op, const char *value); /* adds one SQL parameter; borrowed */
#endif
