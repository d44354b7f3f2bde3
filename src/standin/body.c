/* body.c - sends the body of an answer: at once, as a stream of events, slowly, or truncated. */
#include <string.h>

#include "base/clock.h"
#include "standin/standin_internal.h"

enum { DRIP_PARTS = 20, DRIP_US = 100 * 1000, BLOCK = 65536 };

void body_note(struct standin_request *request)
{
    struct standin *standin = request->standin;
    struct journal_record *record = &request->record;

    if (request->journaled || !request->route || request->route[0] == '\0') { /* control */
        return;
    }
    request->journaled = true;
    record->took_us = clock_mono_us() - request->arrived_us;
    if (request->drop && request->gate_count == 0) {
        record->status = 0;
        record->bytes_out = 0;
    } else { /* an interrupted stream has sent its header and a part of the body */
        record->status = request->answer.status;
        record->bytes_out = request->drop ? request->sent_bytes : answer_size(&request->answer);
    }
    pthread_mutex_lock(&standin->lock);
    journal_add(standin->journal, record);
    standin->in_flight -= request->in_flight_counted;
    request->in_flight_counted = false;
    pthread_mutex_unlock(&standin->lock);
}

/* Suspends the connection; libmicrohttpd calls read_body again when it is resumed. */
static ssize_t sleep_until(struct standin_request *request, int64_t wake_us)
{
    request->wake_us = wake_us;
    request->due_us = clock_mono_us(); /* due now: the scheduler then reads wake_us */
    MHD_suspend_connection(request->connection);
    if (!scheduler_add(request->standin->scheduler, request)) {
        MHD_resume_connection(request->connection);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    return 0;
}

/* Copies from the piece that contains byte `at`, at most to its end. */
static ssize_t copy_bytes(const struct answer *answer, size_t at, char *out, size_t max)
{
    size_t before = 0;

    for (int i = 0; i < answer->count; i++) {
        const struct piece *piece = &answer->pieces[i];

        if (at < before + piece->size) {
            size_t skip = at - before, size = piece->size - skip;

            size = size < max ? size : max;
            return piece_read(piece, skip, out, size) ? (ssize_t)size
                                                      : MHD_CONTENT_READER_END_WITH_ERROR;
        }
        before += piece->size;
    }
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static ssize_t read_body(void *context, uint64_t offset, char *out, size_t capacity)
{
    struct standin_request *request = context;
    size_t total = answer_size(&request->answer), at = (size_t)offset, end = total;
    bool truncates = request->fault.kind == FAULT_TRUNCATE,
         drips = request->fault.kind == FAULT_DRIP;

    end = truncates ? total / 2 : end;
    if (request->drop || (truncates && at >= end)) { /* drop: the stand-in is stopping */
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (request->gate < request->gate_count && at == request->gates[request->gate].at) {
        return sleep_until(request, request->gates[request->gate++].due_us);
    }
    if (request->gate_count > 0 && request->gate == request->gate_count) {
        body_note(request); /* the last part may be sent: record the request as answered */
    } else if (request->gate_count > 0 && end > request->gates[request->gate].at) {
        end = request->gates[request->gate].at;
    }
    if (drips && at >= request->drip_bytes) {
        request->drip_bytes = at + total / DRIP_PARTS + 1;
        return sleep_until(request, clock_mono_us() + DRIP_US);
    }
    end = drips && end > request->drip_bytes ? request->drip_bytes : end;
    capacity = capacity < end - at ? capacity : end - at;
    request->sent_bytes = at + capacity;
    return copy_bytes(&request->answer, at, out, capacity);
}

struct MHD_Response *body_response(struct standin_request *request)
{
    struct MHD_IoVec vector[ANSWER_PIECES];
    bool is_stream = request->gate_count > 0;
    unsigned count = 0;

    if (is_stream || request->fault.kind == FAULT_TRUNCATE || request->fault.kind == FAULT_DRIP ||
        answer_is_file(&request->answer)) {
        return MHD_create_response_from_callback(is_stream ? MHD_SIZE_UNKNOWN
                                                           : answer_size(&request->answer),
                                                 BLOCK, read_body, request, NULL);
    }
    for (int i = 0; i < request->answer.count; i++) {
        const struct piece *piece = &request->answer.pieces[i];

        if (piece->size > 0) {
            vector[count++] =
                (struct MHD_IoVec){ .iov_base = piece->shared ? piece->shared->tail : piece->owned,
                                    .iov_len = piece->size };
        }
    }
    /* The request owns the pieces until the connection has completed. */
    return MHD_create_response_from_iovec(vector, count, NULL, NULL);
}
