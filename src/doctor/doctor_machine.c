/* doctor_machine.c - is there a place for paid answers, and room on it? */
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "io/file.h"

enum { ROOM_MIB = 512, FILES_A_JOB = 2, FILES_BESIDE = 64 };

static void check_spool(struct doctor *doctor, struct doctor_finding *out)
{
    const char *spool = setting_text(doctor->settings, "spool");
    const char *path = arena_printf(doctor->arena, "%s/.doctor-%d", spool, (int)getpid());
    struct statvfs disk;
    struct error err;
    unsigned long long free_mib;

    if (!folder_make(spool, &err) || !file_write(path, "ok", 2, &err) || !file_remove(path, &err)) {
        doctor_finding_from_error(out, &err);
        doctor_finding_hint(
            out, "Paid answers wait there: name a folder that is ours with --spool DIR.");
        return;
    }
    if (statvfs(spool, &disk) != 0) {
        doctor_finding_set(out, DOCTOR_WARN, "'%.200s' can be written, its free space is not known",
                           spool);
        return;
    }
    free_mib = (unsigned long long)disk.f_bavail * disk.f_frsize >> 20;
    doctor_finding_set(out, free_mib < ROOM_MIB ? DOCTOR_WARN : DOCTOR_OK,
                       "'%.200s' can be written, %llu MiB are free", spool, free_mib);
}

/* Each job at work holds a connection, and each picture a file now and then. */
static void check_files(struct doctor *doctor, struct doctor_finding *out)
{
    long long jobs = (long long)setting_int(doctor->settings, "jobs");
    long long need = jobs * FILES_A_JOB + FILES_BESIDE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        doctor_finding_set(out, DOCTOR_WARN, "the limit of open files is not known");
    } else if ((long long)limit.rlim_cur < need) {
        doctor_finding_set(out, DOCTOR_WARN, "%llu files may be open, and %lld jobs may need %lld",
                           (unsigned long long)limit.rlim_cur, jobs, need);
        doctor_finding_hint(out, "Raise it (ulimit -n, LimitNOFILE=) or lower --jobs.");
    } else {
        doctor_finding_set(out, DOCTOR_OK, "%llu may be open, enough for %lld jobs",
                           (unsigned long long)limit.rlim_cur, jobs);
    }
}

const struct doctor_check doctor_machine_checks[] = {
    { "spool", check_spool },
    { "files", check_files },
    { NULL, NULL },
};
