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

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "io/file.h"

/* As root, the database belongs to the user postgres, who cannot enter the folders of others. */
#define ROOT_FOLDER "/var/lib/darkroom-make"

enum { IDENTITY_BYTES = 200, PROVIDER_BYTES = 80 };

bool run_folder_temporary(struct run_folder *run, struct error *err)
{
    const char *temporary = getenv("TMPDIR");

    *run = (struct run_folder){ .lock = -1 };
    snprintf(run->folder, sizeof run->folder, "%.300s/darkroom-demo-XXXXXX",
             temporary && temporary[0] == '/' ? temporary : "/tmp");
    if (!mkdtemp(run->folder)) {
        error_set(err, ERROR_INTERNAL, "cannot create '%s': %s", run->folder, strerror(errno));
        run->folder[0] = '\0';
        return false;
    }
    return true;
}

static bool lock(struct run_folder *run, const char *out, struct error *err)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/lock", run->folder);
    run->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (run->lock < 0) {
        return error_set(err, ERROR_INPUT, "cannot write into '%.200s': %s", out, strerror(errno));
    }
    if (flock(run->lock, LOCK_EX | LOCK_NB) != 0) {
        error_set(err, ERROR_INPUT, "another darkroom make is working in '%.200s'", out);
        return error_hint(err, "Wait until it has ended, or choose another folder with --out.");
    }
    return true;
}

/* Removes what an earlier run has left. */
static bool discard(const struct run_folder *run, struct error *err)
{
    static const char *const folders[] = { "store", "spool", "orders" };
    char path[4200];

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", run->folder, folders[i]);
        if (!folder_remove(path, err)) {
            return false;
        }
    }
    return folder_remove(run->database, err);
}

/* In a new folder nothing of an earlier run counts: a database outside of it may be left of one
 * that the user has removed. */
static bool check_identity(const struct run_folder *run, const char *out, const char *identity,
                           struct error *err)
{
    char path[4200];
    struct blob seen = { 0 };
    bool missing = false, same;

    snprintf(path, sizeof path, "%s/product", run->folder);
    if (!file_read(path, IDENTITY_BYTES, &seen, &missing, err)) {
        return false;
    }
    if (missing) {
        return discard(run, err) && file_write(path, identity, strlen(identity), err);
    }
    same = seen.size == strlen(identity) && memcmp(seen.data, identity, seen.size) == 0;
    blob_free(&seen);
    if (!same) {
        error_set(err, ERROR_INPUT, "'%.200s' holds the unfinished pack of other photos", out);
        return error_hint(err, "Choose another folder with --out.");
    }
    return true;
}

/* A pack must not be made of placeholders and of paid images. The file "provider" names the
 * provider of the unfinished one, or is empty if its images are placeholders. */
static bool check_provider(const struct run_folder *run, const char *out,
                           const struct provider *provider, struct error *err)
{
    const char *paid = provider->local ? "" : provider->name;
    char path[4200], before[PROVIDER_BYTES + 1] = "";
    struct blob seen = { 0 };
    bool missing = false;

    snprintf(path, sizeof path, "%s/provider", run->folder);
    if (!file_read(path, PROVIDER_BYTES, &seen, &missing, err)) {
        return false;
    }
    if (!missing) {
        snprintf(before, sizeof before, "%.*s", (int)seen.size, (const char *)seen.data);
        blob_free(&seen);
        if (before[0] && !paid[0]) {
            error_set(err, ERROR_INPUT, "'%.200s' holds the unfinished pack of provider %s", out,
                      before);
            return error_hint(err,
                              "Continue it with --provider %s, or choose another folder for "
                              "placeholders with --out.",
                              before);
        }
        if (!before[0] && paid[0] && !discard(run, err)) {
            return false;
        }
    }
    return file_write(path, paid, strlen(paid), err);
}

static bool place_database(struct run_folder *run, struct error *err)
{
    char real[4096], digest[DIGEST_TEXT];

    if (getuid() != 0) {
        snprintf(run->database, sizeof run->database, "%.4000s/database", run->folder);
        return true;
    }
    if (!realpath(run->folder, real)) {
        return error_set(err, ERROR_INTERNAL, "cannot find '%.200s'", run->folder);
    }
    digest_hex(real, strlen(real), digest);
    snprintf(run->database, sizeof run->database, ROOT_FOLDER "/%.32s", digest);
    return folder_make(ROOT_FOLDER, err) &&
           (chmod(ROOT_FOLDER, 0711) == 0 ||
            error_set(err, ERROR_INTERNAL, "cannot prepare " ROOT_FOLDER ": %s", strerror(errno)));
}

bool run_folder_open(struct run_folder *run, const char *out, const char *identity,
                     const struct provider *provider, struct error *err)
{
    *run = (struct run_folder){ .lock = -1 };
    if ((size_t)snprintf(run->folder, 4000, "%s/" RUN_FOLDER_NAME, out) >= 4000) {
        run->folder[0] = '\0';
        return error_set(err, ERROR_INPUT, "the name of the folder for the results is too long");
    }
    return folder_make(run->folder, err) && lock(run, out, err) && place_database(run, err) &&
           check_identity(run, out, identity, err) && check_provider(run, out, provider, err);
}

/* -- open orders ------------------------------------------------------------------------------- */

static void order_path(const struct run_folder *run, const char *key, char *out, size_t size)
{
    snprintf(out, size, "%.4000s/orders/%.100s", run->folder, key);
}

/* A file "IDENTITY PROJECT" for each product. A new order gets a new id: the jobs of an old one
 * with the same id would count as its own. */
bool run_folder_project(const struct run_folder *run, const char *key, const char *identity,
                        char *out, size_t size, struct error *err)
{
    char path[4200], line[IDENTITY_BYTES * 2 + 1] = "", *space;
    struct blob file = { 0 };
    bool missing = false;

    order_path(run, key, path, sizeof path);
    if (!file_read(path, sizeof line - 1, &file, &missing, err)) {
        return false;
    }
    if (!missing && file.size > 0) {
        memcpy(line, file.data, file.size);
    }
    blob_free(&file);
    space = strchr(line, ' ');
    if (space && strlen(identity) == (size_t)(space - line) &&
        memcmp(line, identity, (size_t)(space - line)) == 0) {
        snprintf(out, size, "%s", space + 1);
        return true;
    }
    snprintf(out, size, "%.90s-%08x", key, (unsigned)(clock_wall_ms() & 0xffffffff));
    for (char *at = out; (at = strchr(at, '.'));) {
        *at = '-'; /* ids of projects become parts of file names, which have one dot */
    }
    snprintf(line, sizeof line, "%s %s", identity, out);
    return file_write(path, line, strlen(line), err);
}

bool run_folder_end_project(const struct run_folder *run, const char *key, struct error *err)
{
    char path[4200];

    order_path(run, key, path, sizeof path);
    return file_remove(path, err);
}

bool run_folder_open_log(struct run_folder *run, struct error *err)
{
    char path[sizeof run->folder + 40];

    snprintf(path, sizeof path, "%s/" RUN_LOG_NAME, run->folder);
    run->log = fopen(path, "ae");
    if (!run->log) {
        return error_set(err, ERROR_INPUT, "cannot write '%.200s': %s", path, strerror(errno));
    }
    log_file(run->log);
    return true;
}

void run_folder_print_log(const char *out)
{
    char path[4200];

    snprintf(path, sizeof path, "%.4000s/" RUN_FOLDER_NAME "/" RUN_LOG_NAME, out);
    if (access(path, F_OK) == 0) {
        printf("Details  %s\n", path);
    }
}

void run_folder_close(struct run_folder *run, bool finished)
{
    struct error ignored;

    if (run->log) {
        log_file(NULL);
        fclose(run->log);
    }
    if (run->folder[0] && (run->lock < 0 || finished)) {
        if ((run->database[0] && !folder_remove(run->database, &ignored)) ||
            !folder_remove(run->folder, &ignored)) {
            fprintf(stderr, "darkroom: %s\n", ignored.text);
        }
    }
    if (run->lock >= 0) {
        close(run->lock);
    }
    *run = (struct run_folder){ .lock = -1 };
}
