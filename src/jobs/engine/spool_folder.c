/* spool_folder.c - opens the spool folder, and makes sure that it is one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/file.h"
#include "jobs/engine/spool.h"

enum {
    PATH_BYTES = 4096,
    MARKER_BYTES = 200,
    DRAFT_SUFFIX = 7, /* ".XXXXXX" of a file that was being written when its process died */
    TAKEOVER_DELAYS = 300,
    OPEN_AGAIN_US = 10 * 1000 * 1000
};

static const char marker_text[] = "darkroom spool ";

uint32_t spool_takeover_ms(uint32_t retry_base_ms)
{
    uint64_t takeover = (uint64_t)retry_base_ms * TAKEOVER_DELAYS;

    return takeover < INT32_MAX ? (uint32_t)takeover : INT32_MAX;
}

static bool set_unusable(struct error *problem, const char *what, const char *path)
{
    int number = errno;

    return error_set(problem, ERROR_INTERNAL, "cannot %s the spool folder '%.160s': %s", what, path,
                     strerror(number));
}

/* -- the marker ------------------------------------------------------------------------------ */

static bool marker_path(const char *path, char out[PATH_BYTES])
{
    return snprintf(out, PATH_BYTES, "%s/%s", path, SPOOL_MARKER) < PATH_BYTES;
}

/* Returns false if the folder has no marker that can be read. */
static bool read_marker(const char *path, char id[SPOOL_ID])
{
    char name[PATH_BYTES];
    struct blob text = { 0 };
    struct error ignored;
    bool missing, good;

    good = marker_path(path, name) && file_read(name, MARKER_BYTES, &text, &missing, &ignored) &&
           !missing && text.size >= sizeof marker_text - 1 + SPOOL_ID - 1 &&
           memcmp(text.data, marker_text, sizeof marker_text - 1) == 0;
    if (good) {
        memcpy(id, text.data + sizeof marker_text - 1, SPOOL_ID - 1);
        id[SPOOL_ID - 1] = '\0';
        good = strspn(id, "0123456789abcdef-") == SPOOL_ID - 1;
    }
    blob_free(&text);
    return good;
}

bool spool_is_marked(const char *path)
{
    char id[SPOOL_ID];

    return read_marker(path, id);
}

static bool make_id(char id[SPOOL_ID])
{
    uint8_t random[16];

    if (getrandom(random, sizeof random, 0) != sizeof random) {
        return false;
    }
    for (int i = 0, at = 0; i < 16; i++) {
        at += snprintf(id + at, 4, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                       random[i]);
    }
    return true;
}

/* Several workers may do this at once: the first link counts. */
static bool write_marker(const char *path, char id[SPOOL_ID], struct error *problem)
{
    char name[PATH_BYTES], draft[PATH_BYTES], line[MARKER_BYTES];
    int fd, size;
    bool good;

    if (!marker_path(path, name) ||
        snprintf(draft, sizeof draft, "%s.XXXXXX", name) >= (int)sizeof draft || !make_id(id)) {
        return error_set(problem, ERROR_INTERNAL, "the path of the spool folder is too long");
    }
    fd = mkostemp(draft, O_CLOEXEC);
    if (fd < 0) {
        return set_unusable(problem, "write to", path);
    }
    size = snprintf(line, sizeof line, "%s%s\nPaid answers of darkroom. Do not delete this file.\n",
                    marker_text, id);
    good = write(fd, line, (size_t)size) == size && fsync(fd) == 0 &&
           (link(draft, name) == 0 || errno == EEXIST);
    if (!good) {
        set_unusable(problem, "write to", path);
    }
    close(fd);
    unlink(draft);
    return good && (read_marker(path, id) || error_set(problem, ERROR_INTERNAL,
                                                       "the marker of the spool folder '%.160s' "
                                                       "cannot be read",
                                                       path));
}

/* -- folders without a marker ---------------------------------------------------------------- */

/* True for the names that releases without a marker, and this one, leave in a spool. */
static bool is_ours(const char *name)
{
    char stem[256];
    size_t size = strlen(name);

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lost+found") == 0 ||
        strncmp(name, SPOOL_MARKER, sizeof SPOOL_MARKER - 1) == 0 ||
        strncmp(name, ".doctor-", 8) == 0 || spool_names_answer(name)) {
        return true;
    }
    if (size <= DRAFT_SUFFIX || size >= sizeof stem || name[size - DRAFT_SUFFIX] != '.') {
        return false;
    }
    memcpy(stem, name, size - DRAFT_SUFFIX);
    stem[size - DRAFT_SUFFIX] = '\0';
    return spool_names_answer(stem);
}

static bool holds_only_ours(const char *path, struct error *problem, struct error *err)
{
    DIR *listing = opendir(path);
    struct dirent *entry;
    bool good = true;

    if (!listing) {
        set_unusable(problem, "read", path);
        return true;
    }
    while (good && (entry = readdir(listing)) != NULL) {
        good = is_ours(entry->d_name);
        if (!good) {
            error_set(
                err, ERROR_CONFIG,
                "'%.160s' is not a spool folder: it holds '%.60s' and has no file " SPOOL_MARKER,
                path, entry->d_name);
            error_hint(err, "Choose an empty folder with --spool DIR, or remove DARKROOM_SPOOL "
                            "from the environment and from ./.env.");
        }
    }
    closedir(listing);
    return good;
}

/* A folder that every user may write to is not safe: they could add and replace answers. */
static bool belongs_to_us(const char *path, struct error *problem, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        set_unusable(problem, "open", path);
        return true;
    }
    if (!S_ISDIR(status.st_mode)) {
        error_set(err, ERROR_CONFIG, "the spool '%.160s' is not a folder", path);
        return error_hint(err, "Choose a folder with --spool DIR.");
    }
    if ((status.st_mode & S_ISVTX) || ((status.st_mode & S_IWOTH) && status.st_uid != geteuid())) {
        error_set(err, ERROR_CONFIG,
                  "every user may write to '%.160s', so it is not used as a spool", path);
        return error_hint(err, "Choose another folder with --spool DIR, such as a new one in it.");
    }
    return true;
}

/* Creates the parents as usual, and the folder itself for its owner only. */
static bool make_folder(const char *path, struct error *problem)
{
    char parent[PATH_BYTES];
    char *slash;

    if (access(path, F_OK) == 0) {
        return true;
    }
    if (snprintf(parent, sizeof parent, "%s", path) >= (int)sizeof parent) {
        return error_set(problem, ERROR_INTERNAL, "the path of the spool folder is too long");
    }
    slash = strrchr(parent, '/');
    if (slash && slash[1] == '\0') { /* DIR/ */
        *slash = '\0';
        slash = strrchr(parent, '/');
    }
    if (slash && slash != parent) {
        *slash = '\0';
        if (!folder_make(parent, problem)) {
            return false;
        }
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST || set_unusable(problem, "create", path);
}

bool spool_open(const char *path, struct spool_folder *out, struct error *problem,
                struct error *err)
{
    struct stat status;

    *out = (struct spool_folder){ .path = path };
    problem->kind = ERROR_NONE;
    if (!make_folder(path, problem)) {
        return true;
    }
    if (!belongs_to_us(path, problem, err)) {
        return false;
    }
    if (problem->kind == ERROR_NONE && !read_marker(path, out->id)) {
        if (!holds_only_ours(path, problem, err)) {
            return false;
        }
        if (problem->kind == ERROR_NONE && stat(path, &status) == 0 && status.st_uid == geteuid() &&
            (status.st_mode & 077)) {
            (void)!chmod(path, 0700);
        }
        if (problem->kind == ERROR_NONE && !write_marker(path, out->id, problem)) {
            out->id[0] = '\0';
        }
    }
    if (problem->kind == ERROR_NONE && access(path, R_OK | W_OK | X_OK) != 0) {
        set_unusable(problem, "write to", path);
    }
    if (problem->kind != ERROR_NONE) {
        out->id[0] = '\0';
        error_hint(problem, "Make it writable, or choose another folder with --spool DIR.");
    }
    return true;
}

bool spool_is_open(struct spool_folder *folder, struct error *problem)
{
    struct spool_folder again;
    char marker[PATH_BYTES];
    int64_t now_us = clock_mono_us();
    struct error refusal = { .kind = ERROR_NONE };

    if (folder->id[0] && marker_path(folder->path, marker) && access(marker, F_OK) == 0) {
        return true;
    }
    if (!folder->id[0] && now_us < folder->next_open_us) {
        return error_set(problem, ERROR_INTERNAL, "%s", folder->problem);
    }
    folder->id[0] = '\0';
    folder->next_open_us = now_us + OPEN_AGAIN_US;
    if (!spool_open(folder->path, &again, problem, &refusal)) {
        *problem = refusal;
        return false;
    }
    memcpy(folder->id, again.id, sizeof folder->id);
    return folder->id[0] != '\0';
}

/* Two problems are the same if the system gives the same reason: the path differs for each job. */
static const char *reason_of(const char *text)
{
    const char *colon = strrchr(text, ':');

    return colon ? colon : text;
}

void spool_log_state(struct spool_folder *folder, const struct error *problem)
{
    if (!problem && folder->problem[0]) {
        folder->problem[0] = '\0';
        log_event(LOG_INFO, "paid answers are written to the spool again",
                  (struct log_field[]){ LOG_TEXT_FIELD("spool", folder->path) }, 1);
    } else if (problem && strcmp(reason_of(folder->problem), reason_of(problem->text)) != 0) {
        snprintf(folder->problem, sizeof folder->problem, "%.199s", problem->text);
        log_event(LOG_WARNING,
                  "paid answers cannot be written to the spool: a job that is interrupted now is "
                  "paid again",
                  (struct log_field[]){ LOG_TEXT_FIELD("why", problem->text),
                                        LOG_TEXT_FIELD("hint", problem->hint[0]
                                                                   ? problem->hint
                                                                   : "Make room there, or choose "
                                                                     "another folder with --spool "
                                                                     "DIR.") },
                  2);
    }
}
