/* private_postgres.c - initdb, postgres, and their end. */
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

#include "io/file.h"
#include "io/postgres/sql.h"

enum { START_TRIES = 400, TRY_MS = 25, END_MS = 10000, LOG_BYTES = 1 << 20 };

/* The newest installed version's folder of programs; Debian keeps them off the PATH. */
static bool find_programs(char *out, size_t size, struct error *err)
{
    static const char *const places[] = { "/usr/lib/postgresql/*/bin/initdb", "/usr/bin/initdb",
                                          "/usr/local/bin/initdb", "/usr/local/pgsql/bin/initdb" };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        glob_t found;
        char *slash;

        if (glob(places[i], 0, NULL, &found) != 0) {
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

/* In the child, signals still blocked: from here on they mean what they mean to any program. One
 * that our own handler took between fork and exec would be lost, and the server never end. */
static void take_signals_again(const sigset_t *before)
{
    static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        signal(ours[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, before, NULL);
}

/* In the child: becomes the server's user where we are root, and dies when its parent does. */
static void become_server_user(pid_t parent)
{
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;

    if (user &&
        (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
        _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGINT); /* a fast shutdown, as Postgres takes it */
    if (getppid() != parent) {
        _exit(126);
    }
}

static pid_t run(const struct private_postgres *cluster, const char *const *argv)
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
        setpgid(child, child); /* here too: whoever comes first */
        return child;
    }
    become_server_user(parent);
    take_signals_again(&before);
    setpgid(0, 0); /* a Ctrl-C is for us; we stop the server in order */
    snprintf(log, sizeof log, "%s/log", cluster->folder);
    fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || chdir(cluster->folder) != 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0) {
        _exit(126);
    }
    close(0);
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

/* Has it ended within this time? It is not reaped. */
static bool ends_within(pid_t child, int ms)
{
    struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };
    siginfo_t ended = { 0 };

    for (int waited = 0;
         waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
         waited += TRY_MS) {
        if (waited >= ms) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Asks to end, at last with more force: fast, at once, not asked at all. */
static void end(pid_t child)
{
    static const int ways[] = { SIGINT, SIGQUIT, SIGKILL };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        kill(child, ways[i]);
        if (ends_within(child, END_MS)) {
            break;
        }
    }
    wait_for(child);
}

static bool is_stopped(const volatile sig_atomic_t *stop, struct error *err)
{
    return stop && *stop && !error_set(err, ERROR_STOPPED, "stopped while Postgres was starting");
}

/* As wait_for, but tells the child to end when we are told to stop: initdb then takes down what it
 * has started, in order. */
static bool wait_or_stop(pid_t child, const volatile sig_atomic_t *stop)
{
    while (!ends_within(child, TRY_MS)) {
        if (stop && *stop) {
            end(child);
            return false;
        }
    }
    return wait_for(child);
}

/* With the log's last line: the log goes with the folder. */
static bool tell(const struct private_postgres *cluster, const char *what, struct error *err)
{
    char path[120], *text, *line;
    struct blob log;
    struct error ignored;

    snprintf(path, sizeof path, "%s/log", cluster->folder);
    if (!file_read(path, LOG_BYTES, &log, NULL, &ignored)) {
        return error_set(err, ERROR_INTERNAL, "%s", what);
    }
    text = strndup((const char *)log.data, log.size);
    blob_free(&log);
    for (size_t size = text ? strlen(text) : 0; size > 0 && text[size - 1] == '\n'; size--) {
        text[size - 1] = '\0';
    }
    line = text ? strrchr(text, '\n') : NULL;
    error_set(err, ERROR_INTERNAL, "%s: %.200s", what, line ? line + 1 : text ? text : "");
    free(text);
    return false;
}

static bool init(const struct private_postgres *cluster, const char *programs,
                 const volatile sig_atomic_t *stop, struct error *err)
{
    char initdb[200], data[120];
    const char *argv[] = { initdb,      "-D",
                           data,        "-A",
                           "trust",     "-U",
                           "postgres",  "-E",
                           "UTF8",      "--locale=C.UTF-8",
                           "--no-sync", "--no-instructions",
                           NULL };
    pid_t child;

    snprintf(initdb, sizeof initdb, "%s/initdb", programs);
    snprintf(data, sizeof data, "%s/data", cluster->folder);
    child = run(cluster, argv);
    if (child < 0 || !wait_or_stop(child, stop)) {
        return !is_stopped(stop, err) && tell(cluster, "cannot make a Postgres cluster", err);
    }
    return true;
}

static bool answers(struct private_postgres *cluster)
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

static bool serve(struct private_postgres *cluster, const char *programs,
                  const volatile sig_atomic_t *stop, struct error *err)
{
    char postgres[200], data[120];
    const char *argv[] = { postgres,
                           "-D",
                           data,
                           "-k",
                           cluster->folder,
                           "-c",
                           "listen_addresses=",
                           "-c",
                           "fsync=off",
                           "-c",
                           "full_page_writes=off",
                           "-c",
                           "synchronous_commit=off",
                           "-c",
                           "shared_buffers=32MB",
                           "-c",
                           "max_connections=50",
                           NULL };
    struct timespec pause = { .tv_nsec = TRY_MS * 1000000L };

    snprintf(postgres, sizeof postgres, "%s/postgres", programs);
    snprintf(data, sizeof data, "%s/data", cluster->folder);
    cluster->server = run(cluster, argv);
    for (int i = 0; cluster->server > 0 && i < START_TRIES; i++) {
        if (is_stopped(stop, err)) {
            return false;
        }
        if (answers(cluster)) {
            return true;
        }
        if (waitpid(cluster->server, NULL, WNOHANG) == cluster->server) {
            cluster->server = 0;
            break;
        }
        nanosleep(&pause, NULL);
    }
    return tell(cluster, "the private Postgres did not start", err);
}

bool private_postgres_start(struct private_postgres *out, const volatile sig_atomic_t *stop,
                            struct error *err)
{
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    char programs[160];

    *out = (struct private_postgres){ 0 };
    if (!find_programs(programs, sizeof programs, err)) {
        return false;
    }
    snprintf(out->folder, sizeof out->folder, "/tmp/darkroom-pg-XXXXXX");
    if (!mkdtemp(out->folder)) {
        return error_set(err, ERROR_INTERNAL, "cannot make a folder under /tmp: %s",
                         strerror(errno));
    }
    if (user && chown(out->folder, user->pw_uid, user->pw_gid) != 0) {
        return error_set(err, ERROR_INTERNAL, "cannot give '%s' to postgres", out->folder);
    }
    snprintf(out->url, sizeof out->url, "postgresql:///postgres?host=%s&user=postgres",
             out->folder);
    return init(out, programs, stop, err) && !is_stopped(stop, err) &&
           serve(out, programs, stop, err);
}

void private_postgres_stop(struct private_postgres *cluster)
{
    struct error ignored;

    if (cluster->server > 0) {
        end(cluster->server);
    }
    if (cluster->folder[0] && !folder_remove(cluster->folder, &ignored)) {
        fprintf(stderr, "darkroom: %s\n", ignored.text);
    }
    *cluster = (struct private_postgres){ 0 };
}
