/* cmd_man.c - darkroom man: man pages, for the build. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/documents/help.h"
#include "cli/documents/reference.h"
#include "io/file.h"

/* Writes one page to DIR/darkroom.1 or DIR/darkroom-COMMAND.1. */
static bool write_page(const char *folder, const struct command *command, struct error *err)
{
    char path[1000];
    struct text out;
    bool good;

    snprintf(path, sizeof path, "%s/darkroom%s%s.1", folder, command ? "-" : "",
             command ? command->name : "");
    text_begin(&out, HELP_BYTES);
    reference_man(&out, command);
    good = file_write(path, out.data, out.size, err);
    text_end(&out);
    return good;
}

static bool write_pages(const char *folder, struct error *err)
{
    bool good = folder_make(folder, err) && write_page(folder, NULL, err);

    for (int i = 0; good && commands[i]; i++) {
        good = commands[i]->for_developers || write_page(folder, commands[i], err);
    }
    return good;
}

static void print_reference(int argc, const char *folder, struct error *err)
{
    struct text out;

    if (argc > 0 || folder) {
        error_set(err, ERROR_INPUT, "--markdown takes no command and no --out");
        return;
    }
    text_begin(&out, HELP_BYTES);
    reference_json(&out);
    fputs(out.data, stdout);
    text_end(&out);
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const char *folder = setting_text(settings, "out");
    const struct command *command = argc > 0 ? command_find(argv[0]) : NULL;
    struct text out;

    if (argc > 0 && !command) {
        error_set(err, ERROR_INPUT, "unknown command '%.40s'", argv[0]);
        error_hint(err, "`darkroom help` lists the commands.");
        return 0;
    }
    if (setting_flag(settings, "markdown")) {
        print_reference(argc, folder, err);
        return 0;
    }
    if (folder) {
        (void)!write_pages(folder, err);
        return 0;
    }
    text_begin(&out, HELP_BYTES);
    reference_man(&out, command);
    fputs(out.data, stdout);
    text_end(&out);
    return 0;
}

static const char *const settings_taken[] = { "out", "markdown", NULL };

const struct command command_man = {
    .name = "man",
    .arguments = "[COMMAND]",
    .summary = "for packagers: print a man page, or write all of them to a folder",
    .examples = "  darkroom man work | man -l -\n"
                "  darkroom man --out share/man/man1\n"
                "  darkroom man --markdown > assets/docs/json.md\n",
    .settings = settings_taken,
    .max_arguments = 1,
    .for_developers = true,
    .run = run,
};
