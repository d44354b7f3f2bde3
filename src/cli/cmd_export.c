/* cmd_export.c - darkroom export: a ZIP of a project's images and A+ content for a marketplace. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/database.h"
#include "app/ids/find_id.h"
#include "base/exit_status.h"
#include "cli/command.h"
#include "export/export_name.h"
#include "export/export_report.h"
#include "export/export_run.h"
#include "io/stop_signals.h"
#include "term/confirm.h"
#include "term/count_progress.h"
#include "term/table.h"
#include "term/term.h"

enum { PATH_BYTES = 1024 };

struct export_command {
    const struct settings *settings;
    struct export_run run;
    char path[PATH_BYTES];
    bool replace; /* the file, if it exists */
    struct count_progress progress;
};

static volatile sig_atomic_t stop;

/* The first signal ends the command after the current file, a second one at once. */
static void on_signal(int number)
{
    if (stop) {
        signal(number, SIG_DFL);
        raise(number);
    }
    stop = 1;
}

/* -- output file ------------------------------------------------------------------------------- */

static void set_path(struct export_command *command)
{
    const char *output = setting_text(command->settings, "output");
    const char *product = json_peek_text(command->run.project, "product");
    char slug[EXPORT_ID];

    export_slug(product ? product : "", slug);
    if (output) {
        snprintf(command->path, sizeof command->path, "%s", output);
    } else {
        snprintf(command->path, sizeof command->path, "%s-%s.zip",
                 slug[0] ? slug : command->run.pack.id, command->run.request.marketplace);
    }
}

/* Asks before it replaces a file, and before images are fetched; zip_file_finish checks again. */
static bool check_path(struct export_command *command, struct error *err)
{
    char question[400];
    enum answer answer;

    if (setting_text(command->settings, "output") &&
        strlen(setting_text(command->settings, "output")) >= PATH_BYTES) {
        return error_set(err, ERROR_INPUT, "the name of the file is too long");
    }
    command->replace =
        setting_flag(command->settings, "force") || setting_flag(command->settings, "yes");
    if (command->replace || access(command->path, F_OK) != 0) {
        return true;
    }
    snprintf(question, sizeof question, "'%.200s' exists. Replace it?", command->path);
    answer = confirm(question);
    command->replace = answer == ANSWER_YES;
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "'%.200s' exists", command->path);
        return error_hint(err, "Add --force to replace it, or name another file with --output.");
    }
    return command->replace || error_set(err, ERROR_INPUT, "nothing was written");
}

/* -- report ------------------------------------------------------------------------------------ */

static cJSON *file_row(const struct export_file *file, bool planned)
{
    cJSON *row = cJSON_CreateObject();
    const struct size *size = planned || file->size.width == 0 ? &file->stored_size : &file->size;
    char text[48];

    cJSON_AddStringToObject(row, "file", file->name);
    cJSON_AddStringToObject(row, "type", kind_title(file->kind));
    snprintf(text, sizeof text, "%d x %d", size->width, size->height);
    cJSON_AddStringToObject(row, "size", size->width > 0 ? text : "");
    if (!planned && file->finding_count > 0) {
        snprintf(text, sizeof text, "%zu", (file->bytes + 500) / 1000);
        cJSON_AddStringToObject(row, "kb", text);
        snprintf(text, sizeof text, "%d of %d", export_passed(file), file->finding_count);
        cJSON_AddStringToObject(row, "rules", text);
    }
    cJSON_AddStringToObject(row, "change",
                            file->problem[0] ? file->problem
                            : file->change   ? file->change
                                             : "");
    return row;
}

static void print_files(const struct export_pack *pack, bool planned)
{
    static const struct column plan_columns[] = { { "file", "FILE", 0 },
                                                  { "type", "IMAGE", 0 },
                                                  { "size", "STORED PIXELS", 0 },
                                                  { "change", "PROBLEM", 120 } };
    static const struct column columns[] = { { "file", "FILE", 0 },   { "type", "IMAGE", 0 },
                                             { "size", "PIXELS", 0 }, { "kb", "KB", 0 },
                                             { "rules", "RULES", 0 }, { "change", "NOTE", 120 } };
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < pack->file_count; i++) {
        cJSON_AddItemToArray(rows, file_row(&pack->files[i], planned));
    }
    if (pack->file_count > 0 && planned) {
        table_print(stdout, rows, plan_columns, sizeof plan_columns / sizeof *plan_columns);
    } else if (pack->file_count > 0) {
        table_print(stdout, rows, columns, sizeof columns / sizeof *columns);
    }
    cJSON_Delete(rows);
}

/* Prints what can be done about images that are left out. */
static void print_actions(const struct export_pack *pack)
{
    for (int i = 0; i < pack->file_count; i++) {
        if (pack->files[i].action) {
            printf("%s: %s\n", pack->files[i].name, term_text(pack->files[i].action, false));
        }
    }
}

static void print_rows(const char *title, const cJSON *rows)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        const char *type = json_peek_text(row, "type"), *reason = json_peek_text(row, "reason");
        const char *action = json_peek_text(row, "action");

        if (cJSON_IsString(row)) {
            printf("%s: %s\n", title, term_text(row->valuestring, false));
            continue;
        }
        printf("%s %s: %s\n", title, type ? kind_title(kind_find(type)) : "",
               term_text(reason ? reason : "", false));
        if (action) {
            printf("  %s\n", term_text(action, false));
        }
    }
}

static void print_result(const struct export_command *command, bool planned, bool written)
{
    const struct export_pack *pack = &command->run.pack;
    cJSON *report;
    int made = 0;

    if (setting_flag(command->settings, "json")) {
        report = export_report_json(pack);
        cJSON_AddBoolToObject(report, "dryRun", planned);
        if (planned) { /* nothing was made that could be complete */
            cJSON_DeleteItemFromObjectCaseSensitive(report, "complete");
        }
        json_add_text(report, "output", written ? command->path : NULL);
        table_json(stdout, report, "export");
        cJSON_Delete(report);
        return;
    }
    print_files(pack, planned);
    print_actions(pack);
    print_rows("missing", pack->missing);
    print_rows("left out", pack->left_out);
    print_rows("note", pack->notes);
    for (int i = 0; i < pack->file_count; i++) {
        made += pack->files[i].made;
    }
    if (planned) {
        printf("nothing was written; the ZIP would be %s\n", term_text(command->path, false));
    } else if (written) {
        printf("%s: %d of %d images, each within the rules of %s; report/report.txt lists them\n",
               term_text(command->path, false), made, pack->file_count, pack->market->title);
    } else {
        printf("no file was written: no image passes the rules of %s\n", pack->market->title);
    }
}

/* -- the command ------------------------------------------------------------------------------- */

static void show_progress(const struct export_pack *pack, int done, void *context)
{
    struct export_command *command = context;

    count_progress_show(&command->progress, done, pack->files[done].name);
}

static bool write_pack(struct export_command *command, bool *written, struct error *err)
{
    struct export_progress progress = { show_progress, command, &stop };
    bool good;

    count_progress_begin(&command->progress, "images", command->run.pack.file_count,
                         setting_flag(command->settings, "json"));
    stop_signals_handle(on_signal);
    good =
        export_run_write(&command->run, command->path, command->replace, &progress, written, err);
    count_progress_end(&command->progress);
    return good;
}

static int export_project(struct export_command *command, struct error *err)
{
    bool planned = setting_flag(command->settings, "dry-run"), written = false;

    set_path(command);
    if (!planned && (!check_path(command, err) || !write_pack(command, &written, err))) {
        return 0;
    }
    print_result(command, planned, written);
    return planned ? EXIT_STATUS_OK : export_status(&command->run.pack);
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct export_command command = { .settings = settings };
    struct sql_session *session = NULL;
    char project[ID_TEXT];
    int status = 0;

    (void)argc;
    if (export_run_open(&command.run, settings, err) &&
        (session = database_open(settings, "export", err)) &&
        find_id_or_keep(session, ID_PROJECT, argv[0], project, err) &&
        export_run_load(&command.run, session, project, err)) {
        sql_close(session);
        session = NULL;
        status = export_project(&command, err);
    }
    sql_close(session);
    export_run_close(&command.run);
    return status;
}

static const char *const settings_taken[] = {
    EXPORT_SETTINGS, "output",         "force",  "yes",
    "dry-run",       "json",           "store",  "folder",
    "supabase-url",  "supabase-key",   "memory", "allow-loopback-fetch",
    "database-url",  NETWORK_SETTINGS, NULL,
};

const struct command command_export = {
    .name = "export",
    .arguments = "PROJECT",
    .summary = "write a ZIP of a project's images and A+ content for a marketplace",
    .examples = "  darkroom export PROJECT --marketplace amazon --asin B0CLAYCUP1\n"
                "  darkroom export PROJECT --marketplace ebay --sku CUP-01\n"
                "  darkroom export PROJECT --marketplace shopify --output cup.zip\n"
                "  darkroom export PROJECT --asin B0CLAYCUP1 --dry-run   # list the files\n",
    .notes = "PROJECT is an id, the beginning of one, or a name. The newest image of each\n"
             "type is taken. Images are converted, scaled down or extended to a square,\n"
             "never enlarged. Each file in the ZIP passes every rule of the marketplace;\n"
             "what cannot pass is left out, and report/report.txt says why. For Amazon,\n"
             "aplus/content-document.json is the A+ content as the A+ Content API takes it.\n"
             "\n"
             "Exit status 3: images are missing. 7: a rule kept an image out of the ZIP.\n",
    .settings = settings_taken,
    .output = output_export,
    .common = "marketplace asin sku locale output force dry-run json",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
