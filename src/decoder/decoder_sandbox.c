/* decoder_sandbox.c - seccomp and resource limits. */
#include "decoder/decoder_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPARE_BYTES = 24 << 20 }; /* of address space: arenas of malloc, stacks */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef HAS_ADDRESS_SANITIZER
#define HAS_ADDRESS_SANITIZER 0
#endif

/* -- system calls ---------------------------------------------------------------------------- */

/* Managing memory, and what the C library does on its own. Any other call fails with EPERM. */
static const char *const allowed[] = {
    "brk", "munmap", "mremap", "madvise", "futex", "rt_sigreturn", "exit", "exit_group",
    "sched_yield", "clock_gettime", "getrandom", "restart_syscall", "gettid", "getpid",
#if HAS_ADDRESS_SANITIZER
    /* AddressSanitizer writes its report, and asks for its stacks and its memory maps. */
    "write", "sigaltstack", "rt_sigaction", "rt_sigprocmask", "getrlimit", "prlimit64", "tgkill",
    "sched_getaffinity", /* glibc's pthread_getattr_np */
#endif
};

/* What the C library needs to start and end a thread. */
static const char *const allowed_to_threads[] = { "set_robust_list", "rseq", "rt_sigprocmask" };

/* Only a thread of the same process can be started. The flags of clone3 are in memory, where a
 * filter cannot see them, and without it the C library calls clone. */
static bool allow_threads(scmp_filter_ctx filter)
{
    scmp_datum_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
    int clone3 = seccomp_syscall_resolve_name("clone3");

    for (size_t i = 0; i < sizeof allowed_to_threads / sizeof *allowed_to_threads; i++) {
        int number = seccomp_syscall_resolve_name(allowed_to_threads[i]);

        if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) != 0) {
            return false;
        }
    }
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name("clone"), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) == 0 &&
           (clone3 == __NR_SCMP_ERROR ||
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), clone3, 0) == 0);
}

/* Memory that is executable can be neither mapped nor made so. */
static bool allow_memory(scmp_filter_ctx filter, const char *name)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

static bool add_rules(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        int number = seccomp_syscall_resolve_name(allowed[i]);

        if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) != 0) {
            return false;
        }
    }
    return allow_memory(filter, "mmap") && allow_memory(filter, "mprotect");
}

/* libseccomp 2.5 writes the compiled program only to a file. */
static bool compile(scmp_filter_ctx filter, struct decoder_filter *out)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat info;
    bool good = fd >= 0 && seccomp_export_bpf(filter, fd) == 0 && fstat(fd, &info) == 0 &&
                info.st_size > 0 &&
                info.st_size <= BPF_MAXINSNS * (off_t)sizeof(struct sock_filter);

    out->program = good ? malloc((size_t)info.st_size) : NULL;
    good = out->program && pread(fd, out->program, (size_t)info.st_size, 0) == info.st_size;
    if (good) {
        out->length = (unsigned short)((size_t)info.st_size / sizeof(struct sock_filter));
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

/* The kernel reads the program before anything else: EFAULT shows that it takes filters. */
static int seccomp_unavailable(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 && errno == EFAULT ? 0 : errno;
}

static bool create_filter(bool threads, struct decoder_filter *out)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool good =
        filter && add_rules(filter) && (!threads || allow_threads(filter)) && compile(filter, out);

    seccomp_release(filter);
    return good;
}

static void free_filters(struct decoder_sandbox *sandbox)
{
    free(sandbox->filter.program);
    free(sandbox->threading_filter.program);
    sandbox->filter = sandbox->threading_filter = (struct decoder_filter){ 0 };
}

static void prepare_filters(struct decoder_sandbox *sandbox)
{
    sandbox->seccomp_error =
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? seccomp_unavailable() : errno;
    if (sandbox->seccomp_error == 0 && !(create_filter(false, &sandbox->filter) &&
                                         create_filter(true, &sandbox->threading_filter))) {
        free_filters(sandbox);
        sandbox->seccomp_error = ENOSYS;
    }
}

/* -- memory, time, descriptors --------------------------------------------------------------- */

static size_t address_space_of_this_process(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    bool good = file && fscanf(file, "%lu", &pages) == 1;

    if (file) {
        fclose(file);
    }
    return good ? (size_t)pages * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

static void prefer_for_oom(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)!write(fd, "1000", 4);
        close(fd);
    }
}

static bool limit(int resource, rlim_t value)
{
    struct rlimit old, new = { value, value };

    if (getrlimit(resource, &old) != 0) {
        return false;
    }
    if (old.rlim_max < value) {
        new.rlim_cur = new.rlim_max = old.rlim_max;
    }
    return setrlimit(resource, &new) == 0;
}

void decoder_sandbox_prepare(struct decoder_sandbox *sandbox)
{
    *sandbox = (struct decoder_sandbox){ 0 };
    prefer_for_oom(); /* before the process is made private, since its files then belong to root */
    (void)!limit(RLIMIT_CORE, 0);
    (void)!prctl(PR_SET_DUMPABLE, 0);
    prepare_filters(sandbox);
    /* AddressSanitizer reserves terabytes of address space. */
    sandbox->address_space = HAS_ADDRESS_SANITIZER ? 0 : address_space_of_this_process();
    sandbox->memory_error = sandbox->address_space > 0 || HAS_ADDRESS_SANITIZER ? 0 : ENOENT;
}

bool decoder_sandbox_enter(const struct decoder_sandbox *sandbox, size_t memory,
                           unsigned cpu_seconds, bool threads)
{
    const struct decoder_filter *filter = threads ? &sandbox->threading_filter : &sandbox->filter;
    struct sock_fprog program = { .len = filter->length, .filter = filter->program };
    struct rlimit cpu = { cpu_seconds, cpu_seconds + 1 };
    bool good = limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
                (threads || limit(RLIMIT_NPROC, 0)) && setrlimit(RLIMIT_CPU, &cpu) == 0;

    if (good && sandbox->address_space > 0) {
        good = limit(RLIMIT_AS, sandbox->address_space + memory + SPARE_BYTES);
    }
    return good && (!filter->program || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

void decoder_sandbox_free(struct decoder_sandbox *sandbox)
{
    free_filters(sandbox);
    *sandbox = (struct decoder_sandbox){ 0 };
}
