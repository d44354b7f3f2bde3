/* doctor_machine.c - checks of the spool folder, free disk space, open files, OCR, decoders, fonts,
 * and the cut-out model. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/cut_out_model.h"
#include "app/font_folder.h"
#include "app/image_processing.h"
#include "compose/text_cover.h"
#include "doctor/doctor.h"
#include "image/decode_plan.h"
#include "image/ocr/ocr.h"
#include "io/file.h"
#include "jobs/engine/spool.h"

enum { MIN_FREE_MIB = 512, FILES_PER_JOB = 2, OTHER_FILES = 64, TRIAL_BYTES = 1 << 20 };

/* Writes as much as a small answer, because a full disk may still take a few bytes. */
static bool write_trial(const char *path, struct error *err)
{
    static const char trial[TRIAL_BYTES];
    struct error ignored;
    bool good = file_write(path, trial, sizeof trial, err);

    return file_remove(path, &ignored) && good;
}

static void check_spool(struct doctor *doctor, struct doctor_finding *out)
{
    const char *spool = setting_text(doctor->settings, "spool");
    const char *path = arena_printf(doctor->arena, "%s/.doctor-%d", spool, (int)getpid());
    struct spool_folder folder;
    struct statvfs disk;
    struct error err, problem;
    unsigned long long free_mib;

    if (!spool_open(spool, &folder, &problem, &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    err = problem;
    if (err.kind != ERROR_NONE || !write_trial(path, &err)) {
        doctor_finding_from_error(out, &err);
        doctor_finding_hint(out, "Paid answers are kept there: without it, a job that is "
                                 "interrupted is paid again. Set a writable folder with --spool "
                                 "DIR.");
        return;
    }
    if (statvfs(spool, &disk) != 0) {
        doctor_finding_set(out, DOCTOR_WARN, "'%.200s' is writable; its free space is unknown",
                           spool);
        return;
    }
    free_mib = (unsigned long long)disk.f_bavail * disk.f_frsize >> 20;
    doctor_finding_set(out, free_mib < MIN_FREE_MIB ? DOCTOR_WARN : DOCTOR_OK,
                       "'%.200s' is writable, %llu MiB free", spool, free_mib);
}

/* A running job needs a connection, and a file while it saves a response. */
static void check_files(struct doctor *doctor, struct doctor_finding *out)
{
    long long jobs = (long long)setting_int(doctor->settings, "jobs");
    long long needed = jobs * FILES_PER_JOB + OTHER_FILES;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        doctor_finding_set(out, DOCTOR_WARN, "the limit of open files is unknown");
    } else if ((long long)limit.rlim_cur < needed) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "the limit is %llu open files; %lld jobs may need %lld",
                           (unsigned long long)limit.rlim_cur, jobs, needed);
        doctor_finding_hint(out, "Raise the limit (ulimit -n, LimitNOFILE=) or lower --jobs.");
    } else {
        doctor_finding_set(out, DOCTOR_OK, "the limit is %llu open files, enough for %lld jobs",
                           (unsigned long long)limit.rlim_cur, jobs);
    }
}

static void check_ocr(struct doctor *doctor, struct doctor_finding *out)
{
    struct ocr_state state;

    (void)doctor;
    ocr_state(&state);
    if (state.library && state.languages[0]) {
        doctor_finding_set(out, DOCTOR_OK, "Tesseract %s reads text in images (%s)", state.version,
                           state.languages);
        return;
    }
    doctor_finding_set(out, DOCTOR_WARN, "text in images is not checked: %s",
                       state.library ? "Tesseract has no language data"
                                     : "Tesseract is not installed");
    doctor_finding_hint(out, "Install tesseract-ocr and tesseract-ocr-eng.");
}

static void check_photos(struct doctor *doctor, struct doctor_finding *out)
{
    const char *missing = decode_missing_formats();

    (void)doctor;
    if (!missing) {
        doctor_finding_set(out, DOCTOR_OK, "HEIC and AVIF photos can be read");
        return;
    }
    doctor_finding_set(out, DOCTOR_WARN, "%s photos cannot be read: a decoder is missing", missing);
    doctor_finding_hint(out, "Install libheif1 and, on Ubuntu, libheif-plugin-libde265 and "
                             "libheif-plugin-aomdec.");
}

/* Scripts of sellers' texts, each with a letter. */
static const struct {
    const char *name, *letter;
} scripts[] = {
    { "Latin", "A" },    { "Greek", "Ω" },    { "Cyrillic", "Ж" }, { "Arabic", "ع" },
    { "Hebrew", "ש" },   { "Thai", "ก" },     { "Chinese", "的" }, { "Japanese", "の" },
    { "Korean", "한" },  { "Hindi", "क" },    { "Bengali", "ক" },  { "Tamil", "த" },
    { "Georgian", "ა" }, { "Armenian", "Ա" },
};

/* Adds a name to a list with commas. */
static void list_name(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);

    snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
}

static void list_scripts(struct canvas *canvas, struct doctor_finding *out)
{
    char with[200] = "", without[200] = "", packages[80] = "";

    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        bool covered = lettering_has_glyphs(canvas, scripts[i].letter, NULL);
        const char *package = text_cover_package(scripts[i].letter);

        if (covered) {
            list_name(with, sizeof with, scripts[i].name);
        } else {
            list_name(without, sizeof without, scripts[i].name);
            if (package && !strstr(packages, package)) {
                list_name(packages, sizeof packages, package);
            }
        }
    }
    doctor_finding_set(out, DOCTOR_OK, "text can be typeset in %s%s%s", with,
                       without[0] ? ", not in " : "", without);
    if (without[0]) {
        doctor_finding_hint(out,
                            "If sellers write in these scripts: install %s, or add fonts with "
                            "--fonts DIR. Jobs with other letters are refused.",
                            packages);
    }
}

static void check_fonts(struct doctor *doctor, struct doctor_finding *out)
{
    const char *folder = setting_text(doctor->settings, "fonts");
    struct canvas canvas;
    struct error err;

    if ((folder && !font_folder_add(folder, &err)) || !canvas_new(1, 1, &canvas, &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    list_scripts(&canvas, out);
    canvas_free(&canvas);
}

/* Loads the model and masks one image, within the memory that a worker would have. */
static void check_cut_out_model(struct doctor *doctor, struct doctor_finding *out)
{
    const char *model = setting_text(doctor->settings, "cutout-model");
    struct matting_state state;
    struct error err;
    bool good;

    if (!model) {
        doctor_finding_set(out, DOCTOR_OK, "no --cutout-model: products are cut out by colour");
        return;
    }
    image_processing_start(doctor->settings, false);
    good = cut_out_model_open(doctor->settings, &state, &err);
    cut_out_model_stop();
    image_processing_stop();
    if (!good) {
        doctor_finding_from_error(out, &err);
        return;
    }
    doctor_finding_set(out, DOCTOR_OK, "'%.160s' makes a mask of %d x %d in %.1f s", model,
                       state.width, state.height, (double)state.trial_us / 1e6);
}

const struct doctor_check doctor_machine_checks[] = {
    { "spool", check_spool }, { "files", check_files },
    { "ocr", check_ocr },     { "photos", check_photos },
    { "fonts", check_fonts }, { "cutout", check_cut_out_model },
    { NULL, NULL },
};
