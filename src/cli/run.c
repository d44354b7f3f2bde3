/* run.c - finds the command, reads its settings, runs it, and says what went wrong. */
#include "cli/run.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/settings_internal.h"

#define COMMAND(name) extern const struct command command_##name;
#include "cli/commands.inc"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.inc"
#undef COMMAND
    NULL,
};

static int tell_error(const struct error *err)
{
    char text[sizeof err->text];

    snprintf(text, sizeof text, "%s", err->text);
    secret_scrub(text);
    fprintf(stderr, "darkroom: %s\n", text);
    if (err->hint[0]) {
        fprintf(stderr, "hint: %s\n", err->hint);
    }
    return error_rule(err->kind)->exit_status;
}

static void tell_help(FILE *to)
{
    fprintf(to, "darkroom makes product images and listing text with AI models: a worker for a "
                "Postgres queue.\n\nusage: darkroom COMMAND [flags]\n\n");
    for (int i = 0; commands[i]; i++) {
        fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(to, "\n`darkroom COMMAND --help` shows its flags and examples.\n");
}

static void tell_setting(const char *name)
{
    const struct setting *setting = setting_find(name);
    char flag[80];

    if (setting->type == SETTING_SECRET) {
        printf("  %-28s %s", setting->environment, setting->help);
    } else {
        snprintf(flag, sizeof flag, "--%s%s%s", name, setting->argument ? " " : "",
                 setting->argument ? setting->argument : "");
        printf("  %-28s %s", flag, setting->help);
    }
    if (setting->fallback) {
        printf(" [%s]", setting->fallback);
    }
    printf("\n");
    if (setting->environment[0] && setting->type != SETTING_SECRET) {
        printf("  %-28s   or %s\n", "", setting->environment);
    }
}

static int tell_command(const struct command *command)
{
    printf("darkroom %s - %s\n\nusage: darkroom %s [flags]%s%s\n\n", command->name,
           command->summary, command->name, command->arguments[0] ? " " : "", command->arguments);
    printf("examples:\n%s\n", command->examples);
    for (int i = 0; command->settings[i]; i++) {
        tell_setting(command->settings[i]);
    }
    return 0;
}

/* Letters that must change to make one word of the other (Levenshtein), bounded by short words. */
static int distance(const char *a, const char *b)
{
    int row[40], size = (int)strlen(b);

    if (strlen(a) > 30 || size > 30) {
        return 99;
    }
    for (int j = 0; j <= size; j++) {
        row[j] = j;
    }
    for (int i = 1; a[i - 1]; i++) {
        int corner = row[0];

        row[0] = i;
        for (int j = 1; j <= size; j++) {
            int best = corner + (a[i - 1] != b[j - 1]);

            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[size];
}

static const struct command *find_command(const char *name, struct error *err)
{
    const struct command *near = NULL;

    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
        if (distance(name, commands[i]->name) <= 2) {
            near = commands[i];
        }
    }
    error_set(err, ERROR_INPUT, "there is no command '%.40s'", name);
    if (near) {
        error_hint(err, "Did you mean `darkroom %s`?", near->name);
    } else {
        error_hint(err, "`darkroom help` lists the commands.");
    }
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct error err = { .kind = ERROR_NONE };
    struct settings *settings;
    int status;

    if (!settings_read(command->settings, &argc, argv, &settings, &err)) {
        tell_error(&err);
        return 2;
    }
    if (argc < command->min_arguments ||
        (command->max_arguments >= 0 && argc > command->max_arguments)) {
        error_set(&err, ERROR_INPUT,
                  argc < command->min_arguments ? "%s needs %s" : "%s takes no more than %s",
                  command->name, command->arguments[0] ? command->arguments : "no arguments");
        settings_free(settings);
        return tell_error(&err);
    }
    status = command->run(settings, argc, argv, &err);
    if (err.kind != ERROR_NONE) {
        int by_kind = tell_error(&err);

        status = status ? status : by_kind;
    }
    settings_free(settings);
    return status;
}

int cli_run(int argc, char **argv)
{
    struct error err = { .kind = ERROR_NONE };
    const struct command *command;
    const char *word = argc > 1 ? argv[1] : NULL;

    if (!word) {
        tell_help(stderr);
        return 2;
    }
    if (strcmp(word, "--version") == 0) {
        printf("darkroom %s\n", DARKROOM_VERSION);
        return 0;
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        if (argc < 3) {
            tell_help(stdout);
            return 0;
        }
        command = find_command(argv[2], &err);
        return command ? tell_command(command) : tell_error(&err);
    }
    command = find_command(word, &err);
    if (!command) {
        return tell_error(&err);
    }
    if (asks_for_help(argc - 2, argv + 2)) {
        return tell_command(command);
    }
    return run_command(command, argc - 2, argv + 2);
}
