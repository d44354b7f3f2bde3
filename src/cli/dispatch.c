/* dispatch.c - finds the command, parses its flags and arguments, runs it, prints errors. */
#include "cli/dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/exit_status.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command_table.h"
#include "cli/documents/help.h"
#include "cli/output/output_schema.h"
#include "decoder/decoder_server.h"
#include "matting/matting_server.h"
#include "term/standard_streams.h"
#include "term/table.h"
#include "term/term.h"
#include "term/term_wrap.h"

extern char **environ;

/* True if --json is given, also beside flags that cannot be parsed. */
static bool wants_json(int argc, char **argv)
{
    bool json = false;

    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0 || strncmp(argv[i], "--json=", 7) == 0) {
            json = !argv[i][6] || word_list_has("1 yes true on", argv[i] + 7);
        } else if (strcmp(argv[i], "--no-json") == 0) {
            json = false;
        }
    }
    return json;
}

/* Programs that read standard output line by line find the reason there. */
static void print_error_object(const struct error *err, int status)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "event", "error");
    cJSON_AddStringToObject(out, "kind", error_rule(err->kind)->name);
    cJSON_AddStringToObject(out, "message", err->text);
    json_add_text(out, "hint", err->hint[0] ? err->hint : NULL);
    cJSON_AddNumberToObject(out, "exitStatus", status);
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}

/* A terminal gets the text broken between words. */
static void print_labelled(const char *label, enum term_style style, const char *text)
{
    fprintf(stderr, "%s%s%s ", term_style_code(stderr, style), label,
            term_style_code(stderr, STYLE_NORMAL));
    term_print_from_column(stderr, (int)strlen(label) + 1, text);
    fputc('\n', stderr);
}

/* Prints an error and its hint on stderr, and with `json` as an object on stdout too. Returns
 * `status`, or the exit status of the error's kind if that is 0. */
static int print_error(const struct error *err, int status, bool json)
{
    status = status ? status : error_exit_status(err);
    if (json) {
        print_error_object(err, status);
    }
    print_labelled("darkroom:", STYLE_BAD, err->text);
    if (err->hint[0]) {
        print_labelled("hint:", STYLE_NORMAL, err->hint);
    }
    return status;
}

static const struct command *find_or_suggest(const char *name, struct error *err)
{
    struct closest_match closest_match = { .to = name };

    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
        closest_match_try(&closest_match, commands[i]->name);
    }
    error_set(err, ERROR_INPUT, "unknown command '%.40s'", name);
    if (name[0] == '-') {
        error_hint(err, "The command comes first, its flags after it: darkroom work --drain.");
    } else if (closest_match.word) {
        error_hint(err, "Did you mean `darkroom %s`?", closest_match.word);
    } else {
        error_hint(err, "`darkroom help` lists the commands.");
    }
    return NULL;
}

static int print_help(const struct command *command)
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

static int print_exit_status(void)
{
    struct text out;

    text_begin(&out, HELP_BYTES);
    help_exit_status(&out);
    fputs(out.data, stdout);
    text_end(&out);
    return 0;
}

static int print_schema(const struct command *command)
{
    char title[60], *text;
    cJSON *schema;

    snprintf(title, sizeof title, "darkroom %s --json", command->name);
    schema = output_schema(title, command->output);
    text = cJSON_PrintUnformatted(schema);
    puts(text);
    free(text);
    cJSON_Delete(schema);
    return 0;
}

static int print_version(bool json)
{
    printf(json ? "{\"event\":\"version\",\"name\":\"darkroom\",\"version\":\"%s\"}\n"
                : "darkroom %s\n",
           DARKROOM_VERSION);
    return 0;
}

/* Flushes standard output. A failed write, such as on a full disk, is a failure of the command. */
static int flush_output(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "darkroom: cannot write to standard output\n");
        return status ? status : EXIT_STATUS_FAILED;
    }
    return status;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct settings_sources from = { .environment = (const char *const *)environ,
                                     .folder = ".",
                                     .command = command->name };
    struct settings *settings = NULL;
    struct arguments arguments;
    struct error err = { .kind = ERROR_NONE };
    bool json = wants_json(argc, argv);
    int status = 0;

    if (!settings_load(&from, &settings, &err)) {
        return print_error(&err, 0, json);
    }
    if (arguments_read(command, settings, argc, argv, &arguments, &err)) {
        term_setup(setting_text(settings, "color"));
        if (arguments.help) {
            status = print_help(command);
        } else if (arguments.json_schema) {
            status = print_schema(command);
        } else if (command->checks_settings || settings_check(settings, command->settings, &err)) {
            status = command->run(settings, arguments.count, arguments.words, &err);
        }
    }
    if (err.kind != ERROR_NONE) {
        status = print_error(&err, status, json);
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

    if (!standard_streams_open()) {
        return EXIT_STATUS_FAILED;
    }
    if (strcmp(word, DECODER_COMMAND) == 0) { /* no settings: they could bring keys into memory */
        return decoder_serve(decode_planned);
    }
    if (strcmp(word, MATTING_COMMAND) == 0) {
        return matting_serve(argc - 2, argv + 2);
    }
    command_table_register();
    term_setup(NULL);
    if (word_list_has("--version -V -v version", word)) {
        return flush_output(print_version(argc > 2 && strcmp(argv[2], "--json") == 0));
    }
    if (help && argc < 3) {
        return flush_output(print_help(NULL));
    }
    if (help && strcmp(argv[2], "exit-status") == 0) {
        return flush_output(print_exit_status());
    }
    command = find_or_suggest(help ? argv[2] : word, &err);
    if (!command) {
        return flush_output(print_error(&err, EXIT_STATUS_USAGE, wants_json(argc - 1, argv + 1)));
    }
    return flush_output(help ? print_help(command) : run_command(command, argc - 2, argv + 2));
}
