/* run_folder.c - the folder of a pack run. */
#include "demo/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "io/file.h"

/* As root, the database belongs to the user postgres, who cannot enter the folders of others. */
#define ROOT_FOLDER "/var/lib/darkroom-make"

enum { IDENTITY_BYTES = 200 };

bool run_folder_temporary(struct run_folder *state, struct error *err)
{
    const char *temporary = getenv("TMPDIR");

    *state = (struct run_folder){ .lock = -1 };
    snprintf(state->folder, sizeof state->folder, "%.300s/darkroom-demo-XXXXXX",
             temporary && temporary[0] == '/' ? temporary : "/tmp");
    if (!mkdtemp(state->folder)) {
        error_set(err, ERROR_INTERNAL, "cannot create '%s': %s", state->folder, strerror(errno));
        state->folder[0] = '\0';
        return false;
    }
    return true;
}

static bool lock(struct run_folder *state, const char *out, struct error *err)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/lock", state->folder);
    state->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (state->lock < 0) {
        return error_set(err, ERROR_INPUT, "cannot write into '%.200s': %s", out, strerror(errno));
    }
    if (flock(state->lock, LOCK_EX | LOCK_NB) != 0) {
        error_set(err, ERROR_INPUT, "another darkroom make is working in '%.200s'", out);
        return error_hint(err, "Wait until it has ended, or choose another folder with --out.");
    }
    return true;
}

static bool check_identity(const struct run_folder *state, const char *out, const char *identity,
                           struct error *err)
{
    char path[4200];
    struct blob seen = { 0 };
    bool missing = false, same;

    snprintf(path, sizeof path, "%s/product", state->folder);
    if (!file_read(path, IDENTITY_BYTES, &seen, &missing, err)) {
        return false;
    }
    if (missing) {
        return file_write(path, identity, strlen(identity), err);
    }
    same = seen.size == strlen(identity) && memcmp(seen.data, identity, seen.size) == 0;
    blob_free(&seen);
    if (!same) {
        error_set(err, ERROR_INPUT, "'%.200s' holds the unfinished pack of other photos", out);
        return error_hint(err, "Choose another folder with --out.");
    }
    return true;
}

static bool place_database(struct run_folder *state, struct error *err)
{
    char real[4096], digest[DIGEST_TEXT];

    if (getuid() != 0) {
        snprintf(state->database, sizeof state->database, "%.4000s/database", state->folder);
        return true;
    }
    if (!realpath(state->folder, real)) {
        return error_set(err, ERROR_INTERNAL, "cannot find '%.200s'", state->folder);
    }
    digest_hex(real, strlen(real), digest);
    snprintf(state->database, sizeof state->database, ROOT_FOLDER "/%.32s", digest);
    return folder_make(ROOT_FOLDER, err) &&
           (chmod(ROOT_FOLDER, 0711) == 0 ||
            error_set(err, ERROR_INTERNAL, "cannot prepare " ROOT_FOLDER ": %s", strerror(errno)));
}

bool run_folder_open(struct run_folder *state, const char *out, const char *identity,
                     struct error *err)
{
    *state = (struct run_folder){ .lock = -1 };
    if ((size_t)snprintf(state->folder, 4000, "%s/" RUN_FOLDER_NAME, out) >= 4000) {
        state->folder[0] = '\0';
        return error_set(err, ERROR_INPUT, "the name of the folder for the results is too long");
    }
    return folder_make(state->folder, err) && lock(state, out, err) &&
           check_identity(state, out, identity, err) && place_database(state, err);
}

void run_folder_close(struct run_folder *state, bool finished)
{
    struct error ignored;

    if (state->folder[0] && (state->lock < 0 || finished)) {
        if ((state->database[0] && !folder_remove(state->database, &ignored)) ||
            !folder_remove(state->folder, &ignored)) {
            fprintf(stderr, "darkroom: %s\n", ignored.text);
        }
    }
    if (state->lock >= 0) {
        close(state->lock);
    }
    *state = (struct run_folder){ .lock = -1 };
}
