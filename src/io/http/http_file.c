/* http_file.c - answers that go into a file as they come: whole or not at all. What comes this way
 * can be fetched again, so nobody waits for the disk. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/http/http_internal.h"

enum { PATH_ROOM = 4096 };

bool http_file_wanted(const struct transfer *transfer)
{
    long status = 0;

    if (!transfer->op->http.body_path) {
        return false;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static void name_meanwhile(const struct transfer *transfer, char *out)
{
    snprintf(out, PATH_ROOM, "%s.part", transfer->op->http.body_path);
}

static bool ready(struct transfer *transfer)
{
    char path[PATH_ROOM];

    if (!transfer->into) {
        name_meanwhile(transfer, path);
        transfer->into = fopen(path, "we");
    }
    return transfer->into != NULL;
}

bool http_file_take(struct transfer *transfer, const char *data, size_t size)
{
    if (transfer->bytes > transfer->limit) { /* this piece is counted in it */
        transfer->too_long = true;
        return false;
    }
    transfer->not_written = !ready(transfer) || fwrite(data, 1, size, transfer->into) != size;
    return !transfer->not_written;
}

void http_file_end(struct transfer *transfer, bool whole)
{
    char path[PATH_ROOM];
    bool wanted = whole && http_file_wanted(transfer);
    bool good = !transfer->not_written && (!wanted || ready(transfer)); /* it may be empty */

    name_meanwhile(transfer, path);
    if (transfer->into && fclose(transfer->into) != 0) {
        good = false;
    }
    transfer->into = NULL;
    if (wanted && good) {
        good = rename(path, transfer->op->http.body_path) == 0;
    }
    if ((wanted && !good) || transfer->not_written) {
        error_set(&transfer->op->error, ERROR_INTERNAL, "cannot write '%.160s': %s",
                  transfer->op->http.body_path, strerror(errno));
    }
    if (!wanted || !good) {
        unlink(path);
    }
}
