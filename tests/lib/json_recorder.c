/* json_recorder.c - loaded into the program with LD_PRELOAD: keeps what a command with --json has
 * printed, for check_output.
 *
 * When the program ends, what it has written to standard output is copied to a file in the folder
 * JSON_RECORDS. The first line of this file is the name of the command. Nothing changes for the
 * program or for its reader. If standard output is a pipe, it cannot be read again: the file says
 * so, and the check fails. A program that is killed leaves no file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[4000], command[64];
static pid_t recorded;
static off_t begin;

static int is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

__attribute__((constructor)) static void begin_record(int argc, char **argv)
{
    const char *records = getenv("JSON_RECORDS"), *former = getenv("FORMER_PRELOAD");
    struct stat out, err;

    if (former && former[0]) { /* processes that the program starts are not recorded */
        setenv("LD_PRELOAD", former, 1);
    } else {
        unsetenv("LD_PRELOAD");
    }
    unsetenv("FORMER_PRELOAD");
    if (argc < 2 || !records || fstat(STDOUT_FILENO, &out) != 0 || S_ISCHR(out.st_mode) ||
        (fstat(STDERR_FILENO, &err) == 0 && is_same_file(&out, &err))) {
        return;
    }
    snprintf(folder, sizeof folder, "%s", records);
    snprintf(command, sizeof command, "%s", argv[1]);
    recorded = getpid();
    begin = !S_ISREG(out.st_mode)                      ? -1
            : fcntl(STDOUT_FILENO, F_GETFL) & O_APPEND ? out.st_size
                                                       : lseek(STDOUT_FILENO, 0, SEEK_CUR);
}

static void copy_output(int to)
{
    int from = begin < 0 ? -1 : open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC);
    char bytes[65536];
    off_t at = begin;
    ssize_t size;

    while (from >= 0 && (size = pread(from, bytes, sizeof bytes, at)) > 0 &&
           write(to, bytes, (size_t)size) == size) {
        at += size;
    }
    if (from >= 0) {
        close(from);
    }
}

__attribute__((destructor)) static void end_record(void)
{
    char path[4100], head[80];
    int to, size;

    if (recorded == 0 || getpid() != recorded) {
        return;
    }
    fflush(stdout);
    snprintf(path, sizeof path, "%s/%d", folder, (int)recorded);
    to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (to < 0) {
        return; /* the test has removed its folder */
    }
    size = snprintf(head, sizeof head, "%s\n%s", command,
                    begin < 0 ? "printed to a pipe: write it to a file, to be checked\n" : "");
    if (write(to, head, (size_t)size) == size) {
        copy_output(to);
    }
    close(to);
}
