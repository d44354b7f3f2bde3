/* private_postgres.c - runs initdb and postgres as child processes, and stops them. */
#include "demo/private_postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/file.h"
#include "io/postgres/sql.h"

/* Waits up to 10 s for the server to accept connections, and for each signal to end it. */
enum { START_TRIES = 400, TRY_MS = 25, STOP_MS = 10000, LOG_BYTES = 1 << 20 };

/* Finds the folder with initdb of the newest installed version. Debian has it outside of PATH. */
static bool find_programs(char *out, size_t size, struct error *err)
{
    static const char *const patterns[] = { "/usr/lib/postgresql/*/bin/initdb", "/usr/bin/initdb",
                                            "/usr/local/bin/initdb",
                                            "/usr/local/pgsql/bin/initdb" };

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t found;
        char *slash;

        if (glob(patterns[i], 0, NULL, &found) != 0) {
            continue;
        }
        snprintf(out, size, "%s", found.gl_pathv[found.gl_pathc - 1]);
        globfree(&found);
        slash = strrchr(out, '/');
        *slash = '\0';
        return true;
    }
    error_set(err, ERROR_CONFIG, "Postgres is not installed on this machine");
    return error_hint(err, "On Debian and Ubuntu: apt-get install postgresql.");
}

/* Runs in the child while signals are blocked. Restores the default handlers before it unblocks
 * them: a signal that our own handler received between fork and exec would be lost, and the server
 * would not stop. */
static void restore_signals(const sigset_t *before)
{
    static const int handled[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) {
        signal(handled[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, before, NULL);
}

/* Runs in the child. Changes from root to the user postgres, and requests SIGINT when the parent
 * process ends. */
static void become_server_user(pid_t parent)
{
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;

    if (user &&
        (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
        _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGINT); /* Postgres does a fast shutdown on SIGINT */
    if (getppid() != parent) {
        _exit(126);
    }
}

/* Starts a program that writes to the log of the cluster. Returns -1 if fork fails. */
static pid_t spawn(const struct private_postgres *cluster, const char *const *argv)
{
    char log[120];
    sigset_t all, before;
    pid_t parent = getpid(), child;
    int fd;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    child = fork();
    if (child != 0) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        setpgid(child, child); /* also set in the child: either may run first */
        return child;
    }
    become_server_user(parent);
    restore_signals(&before);
    setpgid(0, 0); /* Ctrl-C must not reach the server: this process stops it */
    snprintf(log, sizeof log, "%s/log", cluster->folder);
    fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || chdir(cluster->folder) != 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0) {
        _exit(126);
    }
    close(0);
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

/* Waits until the child ends or the time has passed. Does not reap it. */
static bool wait_until_ended(pid_t child, int ms)
{
    struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };
    siginfo_t info = { 0 };

    for (int waited = 0;
         waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
         waited += TRY_MS) {
        if (waited >= ms) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

/* Reaps the child. Returns true if it exited with status 0. */
static bool reap(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Requests a fast shutdown, then an immediate one, then kills the process. */
static void terminate(pid_t child)
{
    static const int signals[] = { SIGINT, SIGQUIT, SIGKILL };

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        kill(child, signals[i]);
        if (wait_until_ended(child, STOP_MS)) {
            break;
        }
    }
    reap(child);
}

static bool is_stopped(const volatile sig_atomic_t *stop, struct error *err)
{
    return stop && *stop && !error_set(err, ERROR_STOPPED, "stopped while Postgres was starting");
}

/* Like reap, but terminates the child once *stop is set. initdb then removes its files. */
static bool reap_or_terminate(pid_t child, const volatile sig_atomic_t *stop)
{
    while (!wait_until_ended(child, TRY_MS)) {
        if (stop && *stop) {
            terminate(child);
            return false;
        }
    }
    return reap(child);
}

/* Sets an error that includes the last line of the log, since the log is removed with the folder.
 * Always returns false. */
static bool set_error_from_log(const struct private_postgres *cluster, const char *what,
                               struct error *err)
{
    char path[120], *text, *line;
    struct blob log;
    struct error ignored;

    snprintf(path, sizeof path, "%s/log", cluster->folder);
    if (!file_read(path, LOG_BYTES, &log, NULL, &ignored)) {
        return error_set(err, ERROR_INTERNAL, "%s", what);
    }
    text = xstrndup((const char *)log.data, log.size);
    blob_free(&log);
    for (size_t size = strlen(text); size > 0 && text[size - 1] == '\n'; size--) {
        text[size - 1] = '\0';
    }
    line = strrchr(text, '\n');
    error_set(err, ERROR_INTERNAL, "%s: %.200s", what, line ? line + 1 : text);
    free(text);
    return false;
}

static bool create_cluster(const struct private_postgres *cluster, const char *programs,
                           const volatile sig_atomic_t *stop, struct error *err)
{
    char initdb[200];
    const char *argv[] = { initdb,
                           "-D",
                           cluster->data,
                           "-A",
                           "trust",
                           "-U",
                           "postgres",
                           "-E",
                           "UTF8",
                           "--locale=C.UTF-8",
                           "--no-instructions",
                           cluster->kept ? NULL : "--no-sync",
                           NULL };
    pid_t child;

    snprintf(initdb, sizeof initdb, "%s/initdb", programs);
    child = spawn(cluster, argv);
    if (child < 0 || !reap_or_terminate(child, stop)) {
        return !is_stopped(stop, err) &&
               set_error_from_log(cluster, "cannot create a Postgres cluster", err);
    }
    return true;
}

static bool accepts_connections(struct private_postgres *cluster)
{
    struct database_url url;
    struct sql_session *session;
    struct error ignored;

    if (!database_url_read(cluster->url, &url, &ignored)) {
        return false;
    }
    session = sql_open(&url, "darkroom", &ignored);
    database_url_free(&url);
    sql_close(session);
    return session != NULL;
}

static bool start_server(struct private_postgres *cluster, const char *programs,
                         const volatile sig_atomic_t *stop, struct error *err)
{
    char postgres[200];
    const char *argv[] = { postgres,
                           "-D",
                           cluster->data,
                           "-k",
                           cluster->folder,
                           "-c",
                           "listen_addresses=",
                           "-c",
                           "shared_buffers=32MB",
                           "-c",
                           "max_connections=50",
                           cluster->kept ? NULL
                                         : "-c", /* temporary data need not survive a crash */
                           "fsync=off",
                           "-c",
                           "full_page_writes=off",
                           "-c",
                           "synchronous_commit=off",
                           NULL };
    struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };

    snprintf(postgres, sizeof postgres, "%s/postgres", programs);
    cluster->server = spawn(cluster, argv);
    for (int i = 0; cluster->server > 0 && i < START_TRIES; i++) {
        if (is_stopped(stop, err)) {
            return false;
        }
        if (accepts_connections(cluster)) {
            return true;
        }
        if (waitpid(cluster->server, NULL, WNOHANG) == cluster->server) {
            cluster->server = 0;
            break;
        }
        nanosleep(&pause, NULL);
    }
    return set_error_from_log(cluster, "the private Postgres did not start", err);
}

static bool give_to_server(const char *path, struct error *err)
{
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;

    return !user || chown(path, user->pw_uid, user->pw_gid) == 0 ||
           error_set(err, ERROR_INTERNAL, "cannot change the owner of '%.200s' to postgres", path);
}

/* Creates the folder for socket and log. */
static bool make_folder(struct private_postgres *out, struct error *err)
{
    *out = (struct private_postgres){ 0 };
    snprintf(out->folder, sizeof out->folder, "/tmp/darkroom-pg-XXXXXX");
    if (!mkdtemp(out->folder)) {
        return error_set(err, ERROR_INTERNAL, "cannot create a folder under /tmp: %s",
                         strerror(errno));
    }
    snprintf(out->url, sizeof out->url, "postgresql:///postgres?host=%s&user=postgres",
             out->folder);
    return give_to_server(out->folder, err);
}

bool private_postgres_start(struct private_postgres *out, const volatile sig_atomic_t *stop,
                            struct error *err)
{
    char programs[160];

    *out = (struct private_postgres){ 0 };
    if (!find_programs(programs, sizeof programs, err) || !make_folder(out, err)) {
        return false;
    }
    snprintf(out->data, sizeof out->data, "%s/data", out->folder);
    return create_cluster(out, programs, stop, err) && !is_stopped(stop, err) &&
           start_server(out, programs, stop, err);
}

/* Creates the cluster beside its place and renames it: an interrupted initdb leaves none there. */
static bool create_kept(struct private_postgres *out, const char *data, const char *programs,
                        const volatile sig_atomic_t *stop, struct error *err)
{
    snprintf(out->data, sizeof out->data, "%.4000s.new", data);
    if (!folder_remove(out->data, err) || !folder_make(out->data, err) ||
        !give_to_server(out->data, err) || !create_cluster(out, programs, stop, err)) {
        return false;
    }
    return rename(out->data, data) == 0 ||
           error_set(err, ERROR_INTERNAL, "cannot create '%.200s': %s", data, strerror(errno));
}

/* Waits for the server of a process that was killed: it stops by itself. */
static void wait_for_former_server(const char *data)
{
    struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };
    char path[4200], *end;
    struct blob file = { 0 };
    struct error ignored;
    bool missing = false;

    snprintf(path, sizeof path, "%s/postmaster.pid", data);
    for (int waited = 0; waited < STOP_MS; waited += TRY_MS) {
        char text[24] = "";
        long server;

        if (!file_read(path, LOG_BYTES, &file, &missing, &ignored) || missing) {
            return;
        }
        snprintf(text, sizeof text, "%.*s", (int)(file.size < 20 ? file.size : 20),
                 (const char *)file.data);
        blob_free(&file);
        server = strtol(text, &end, 10);
        if (server <= 1 || (kill((pid_t)server, 0) != 0 && errno == ESRCH)) {
            return;
        }
        nanosleep(&pause, NULL);
    }
}

/* The server runs in the folder of its socket, where a relative path would name another place. */
static bool make_absolute(const char *path, char *out, size_t size, struct error *err)
{
    char current[4096] = "";
    bool relative = path[0] != '/';

    if (relative && !getcwd(current, sizeof current)) {
        return error_set(err, ERROR_INPUT, "cannot find the current folder: %s", strerror(errno));
    }
    return snprintf(out, size, "%s%s%s", current, relative ? "/" : "", path) < 4000 ||
           error_set(err, ERROR_INPUT, "the path of the folder is too long");
}

bool private_postgres_open(struct private_postgres *out, const char *data,
                           const volatile sig_atomic_t *stop, struct error *err)
{
    char programs[160], place[4096], version[4200];

    *out = (struct private_postgres){ 0 };
    if (!make_absolute(data, place, sizeof place, err) ||
        !find_programs(programs, sizeof programs, err) || !make_folder(out, err)) {
        return false;
    }
    out->kept = true;
    snprintf(version, sizeof version, "%s/PG_VERSION", place);
    if (access(version, F_OK) != 0 && !create_kept(out, place, programs, stop, err)) {
        return false;
    }
    snprintf(out->data, sizeof out->data, "%s", place);
    wait_for_former_server(place);
    return !is_stopped(stop, err) && start_server(out, programs, stop, err);
}

void private_postgres_stop(struct private_postgres *cluster)
{
    struct error ignored;

    if (cluster->server > 0) {
        terminate(cluster->server);
    }
    if (cluster->folder[0] && !folder_remove(cluster->folder, &ignored)) {
        fprintf(stderr, "darkroom: %s\n", ignored.text);
    }
    *cluster = (struct private_postgres){ 0 };
}
