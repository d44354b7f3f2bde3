/* dispatch.c - finds the command, reads its words, runs it, says what went wrong. */
#include "cli/dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "cli/arguments.h"
#include "cli/help.h"
#include "term/term.h"

extern char **environ;

enum { HELP_BYTES = 64 * 1024, USAGE = 2 };

/* One line and a hint, on stderr; whatever it quotes, no secret gets through. */
static int tell_error(struct error *err)
{
    secret_scrub(err->text);
    secret_scrub(err->hint);
    fprintf(stderr, "%sdarkroom:%s %s\n", term_style_code(stderr, STYLE_BAD),
            term_style_code(stderr, STYLE_NORMAL), err->text);
    if (err->hint[0]) {
        fprintf(stderr, "hint: %s\n", err->hint);
    }
    return error_rule(err->kind)->exit_status;
}

static const struct command *command_find(const char *name, struct error *err)
{
    struct closest_match closest_match = { .to = name };

    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
        closest_match_try(&closest_match, commands[i]->name);
    }
    error_set(err, ERROR_INPUT, "there is no command '%.40s'", name);
    if (name[0] == '-') {
        error_hint(err, "The command comes first, its flags after it: darkroom work --drain.");
    } else if (closest_match.word) {
        error_hint(err, "Did you mean `darkroom %s`?", closest_match.word);
    } else {
        error_hint(err, "`darkroom help` lists the commands.");
    }
    return NULL;
}

static int tell_help(const struct command *command)
{
    struct text out;

    text_begin(&out, HELP_BYTES);
    if (command) {
        help_command(&out, command);
    } else {
        help_overview(&out);
    }
    fputs(out.data, stdout);
    text_end(&out);
    return 0;
}

static int tell_version(bool json)
{
    printf(json ? "{\"name\":\"darkroom\",\"version\":\"%s\"}\n" : "darkroom %s\n",
           DARKROOM_VERSION);
    return 0;
}

/* What was printed must have arrived: a full disk is no success. */
static int flushed(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "darkroom: cannot write to the standard output\n");
        return status ? status : 1;
    }
    return status;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct settings_sources from = { .environment = (const char *const *)environ, .folder = "." };
    struct settings *settings = NULL;
    struct arguments arguments;
    struct error err = { .kind = ERROR_NONE };
    int status = 0;

    if (!settings_load(&from, &settings, &err)) {
        return tell_error(&err);
    }
    if (arguments_read(command, settings, argc, argv, &arguments, &err)) {
        term_setup(setting_text(settings, "color"));
        if (arguments.help) {
            status = tell_help(command);
        } else if (settings_check(settings, command->settings, &err)) {
            status = command->run(settings, arguments.count, arguments.words, &err);
        }
    }
    if (err.kind != ERROR_NONE) {
        int by_kind = tell_error(&err);

        status = status ? status : by_kind;
    }
    settings_free(settings);
    return status;
}

int cli_run(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "help";
    struct error err = { .kind = ERROR_NONE };
    const struct command *command = NULL;
    bool help = strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;

    term_setup(NULL);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        return flushed(tell_version(argc > 2 && strcmp(argv[2], "--json") == 0));
    }
    if (help && argc < 3) {
        return flushed(tell_help(NULL));
    }
    command = command_find(help ? argv[2] : word, &err);
    if (!command) {
        tell_error(&err);
        return USAGE;
    }
    return flushed(help ? tell_help(command) : run_command(command, argc - 2, argv + 2));
}
