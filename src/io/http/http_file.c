/* http_file.c - bodies that are written to a file while they are received. The file gets its name
 * only when it is complete. It is not synced to disk, since it can be downloaded again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/http/http_internal.h"

enum { PATH_BYTES = 4096 };

bool http_file_is_wanted(const struct transfer *transfer)
{
    long status = 0;

    if (!transfer->op->http.body_path) {
        return false;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static void temporary_path(const struct transfer *transfer, char *out)
{
    snprintf(out, PATH_BYTES, "%s.part", transfer->op->http.body_path);
}

static bool open_file(struct transfer *transfer)
{
    char path[PATH_BYTES];

    if (!transfer->file) {
        temporary_path(transfer, path);
        transfer->file = fopen(path, "we");
    }
    return transfer->file != NULL;
}

bool http_file_write(struct transfer *transfer, const char *data, size_t size)
{
    if (transfer->bytes > transfer->limit) { /* `bytes` includes this data */
        transfer->too_long = true;
        return false;
    }
    transfer->write_failed = !open_file(transfer) || fwrite(data, 1, size, transfer->file) != size;
    return !transfer->write_failed;
}

void http_file_end(struct transfer *transfer, bool complete)
{
    char path[PATH_BYTES];
    bool wanted = complete && http_file_is_wanted(transfer);
    bool good =
        !transfer->write_failed && (!wanted || open_file(transfer)); /* the body may be empty */

    temporary_path(transfer, path);
    if (transfer->file && fclose(transfer->file) != 0) {
        good = false;
    }
    transfer->file = NULL;
    if (wanted && good) {
        good = rename(path, transfer->op->http.body_path) == 0;
    }
    if ((wanted && !good) || transfer->write_failed) {
        error_set(&transfer->op->error, ERROR_INTERNAL, "cannot write '%.160s': %s",
                  transfer->op->http.body_path, strerror(errno));
    }
    if (!wanted || !good) {
        unlink(path);
    }
}
