/* completion.c - completion scripts for bash, zsh and fish. */
#include "cli/documents/completion.h"

#include <string.h>

#include "cli/command.h"

#define SCHEMA_HELP "print a JSON Schema of what --json prints"

/* Calls `add` for each flag of a command, --color included. */
static void each_flag(struct text *out, const struct command *command,
                      void (*add)(struct text *out, const struct command *command,
                                  const struct setting *row))
{
    struct setting_list list = { .names = command->settings };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        if (row->type != SETTING_SECRET && strcmp(row->name, "color") != 0) {
            add(out, command, row);
        }
    }
    add(out, command, setting_row("color"));
}

/* "auto|text|json" as "auto text json". */
static void add_choices(struct text *out, const char *choices)
{
    for (; *choices; choices++) {
        text_add_char(out, *choices == '|' ? ' ' : *choices);
    }
}

/* Appends text inside single quotes of a shell. `special` are characters that get a backslash. */
static void add_quoted(struct text *out, const char *text, const char *special, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'') {
            text_add(out, quote);
        } else {
            text_add(out, strchr(special, *text) ? "\\" : "");
            text_add_char(out, *text);
        }
    }
}

static bool argument_is(const struct setting *row, const char *command, const char *name)
{
    const char *argument = setting_argument(row, command);

    return argument && strcmp(argument, name) == 0;
}

/* Appends the names of all commands, each after a space. */
static void add_command_names(struct text *out)
{
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            text_printf(out, " %s", commands[i]->name);
        }
    }
}

/* Appends the words that may be a command's first argument: those in lower case, so
 * "[show|cancel|retry ID...]" becomes "show cancel retry". Returns how many there are. */
static int add_argument_words(struct text *out, const struct command *command)
{
    static const char delimiters[] = " []|";
    const char *at = command->arguments + strspn(command->arguments, delimiters);
    int count = 0;

    while (*at) {
        size_t size = strcspn(at, delimiters);

        if (strspn(at, "abcdefghijklmnopqrstuvwxyz-") >= size) {
            text_add(out, count++ > 0 ? " " : "");
            text_add_bytes(out, at, size);
        }
        at += size;
        at += strspn(at, delimiters);
    }
    return count;
}

/* -- bash ------------------------------------------------------------------------------------ */

static void bash_flag(struct text *out, const struct command *command, const struct setting *row)
{
    (void)command;
    text_printf(out, " --%s", row->name);
}

static void bash_values(struct text *out)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        bool file = argument_is(row, NULL, "FILE"), folder = argument_is(row, NULL, "DIR");

        if (row->type == SETTING_SECRET || row->type == SETTING_FLAG) {
            continue;
        }
        text_printf(out, "    --%s) ", row->name);
        if (row->choices) {
            text_add(out, "values='");
            add_choices(out, row->choices);
            text_add(out, "' ;;\n");
        } else if (file || folder) {
            text_printf(out,
                        "compopt -o filenames; mapfile -t COMPREPLY < "
                        "<(compgen -%s -- \"$word\"); return ;;\n",
                        file ? "f" : "d");
        } else {
            text_add(out, "return ;;\n");
        }
    }
}

/* For each command: its flags, the words that may be its first argument, and whether it takes
 * arguments. */
static void bash_commands(struct text *out)
{
    for (int i = 0; commands[i]; i++) {
        if (commands[i]->for_developers) {
            continue;
        }
        text_printf(out, "    %s) flags='--help%s", commands[i]->name,
                    commands[i]->output ? " --json-schema" : "");
        each_flag(out, commands[i], bash_flag);
        text_add(out, "' words='");
        add_argument_words(out, commands[i]);
        text_printf(out, "' arguments=%d ;;\n", commands[i]->max_arguments != 0);
    }
}

/* Readline splits --flag=value into three words. */
static void bash_script(struct text *out)
{
    text_add(out, "# bash completion for darkroom\n"
                  "_darkroom() {\n"
                  "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                  "  local values='' flags='' words='' arguments=0 names='help");
    add_command_names(out);
    text_add(out, "'\n"
                  "  COMPREPLY=()\n"
                  "  if [ \"$word\" = = ]; then\n"
                  "    word=''\n"
                  "  elif [ \"$before\" = = ]; then\n"
                  "    before=${COMP_WORDS[COMP_CWORD-2]}\n"
                  "  fi\n"
                  "  case $before in\n");
    bash_values(out);
    text_add(out, "  esac\n"
                  "  case ${COMP_WORDS[1]} in\n"
                  "    help) words=$names ;;\n");
    bash_commands(out);
    text_add(out,
             "  esac\n"
             "  if [ -n \"$values\" ]; then\n"
             "    :\n"
             "  elif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
             "    values=\"$names --help --version\"\n"
             "  elif [ \"$COMP_CWORD\" -eq 2 ] && [ -n \"$words\" ] && [[ $word != -* ]]; then\n"
             "    values=$words\n"
             "  elif [ \"$arguments\" -eq 0 ] || [[ $word = -* ]]; then\n"
             "    values=$flags\n"
             "  fi\n"
             "  mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$word\")\n"
             "}\n"
             "complete -o default -F _darkroom darkroom\n");
}

/* -- zsh ------------------------------------------------------------------------------------- */

static void zsh_flag(struct text *out, const struct command *command, const struct setting *row)
{
    text_printf(out, " \\\n        '%s--%s[", row->type == SETTING_LIST ? "*" : "", row->name);
    add_quoted(out, setting_help(row, command->name), "[]\\", "'\\''");
    text_add_char(out, ']');
    if (row->choices) {
        text_printf(out, ":%s:(", row->name);
        add_choices(out, row->choices);
        text_add_char(out, ')');
    } else if (row->type != SETTING_FLAG) {
        text_printf(out, ":%s:%s", row->name,
                    argument_is(row, command->name, "FILE")  ? "_files"
                    : argument_is(row, command->name, "DIR") ? "_files -/"
                                                             : "");
    }
    text_add_char(out, '\'');
}

static void zsh_command(struct text *out, const struct command *command)
{
    text_printf(out, "    %s) _arguments \\\n        '--help[show help]'", command->name);
    if (command->output) {
        text_add(out, " \\\n        '--json-schema[" SCHEMA_HELP "]'");
    }
    each_flag(out, command, zsh_flag);
    if (command->max_arguments != 0) {
        struct text words;

        text_begin(&words, 200);
        if (add_argument_words(&words, command) > 0) {
            text_printf(out, " \\\n        '1:argument:(%s)'", words.data);
        }
        text_end(&words);
        text_add(out, " \\\n        '*:argument:_files'");
    }
    text_add(out, " ;;\n");
}

static void zsh_script(struct text *out)
{
    text_add(out, "#compdef darkroom\n"
                  "_darkroom() {\n"
                  "  local -a names\n"
                  "  names=(\n"
                  "    'help:show help'\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            text_printf(out, "    '%s:", commands[i]->name);
            add_quoted(out, commands[i]->summary, "", "'\\''");
            text_add(out, "'\n");
        }
    }
    text_add(out, "  )\n"
                  "  if (( CURRENT == 2 )); then\n"
                  "    _describe command names\n"
                  "    return\n"
                  "  fi\n"
                  "  shift words\n"
                  "  (( CURRENT-- ))\n"
                  "  case $words[1] in\n"
                  "    help) (( CURRENT == 2 )) && _describe command names ;;\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            zsh_command(out, commands[i]);
        }
    }
    text_add(out, "  esac\n"
                  "}\n"
                  "_darkroom \"$@\"\n");
}

/* -- fish ------------------------------------------------------------------------------------ */

static void fish_flag(struct text *out, const struct command *command, const struct setting *row)
{
    text_printf(out, "complete -c darkroom -n '__fish_seen_subcommand_from %s' -l %s",
                command->name, row->name);
    if (row->choices) {
        text_add(out, " -x -a '");
        add_choices(out, row->choices);
        text_add_char(out, '\'');
    } else if (argument_is(row, command->name, "DIR")) {
        text_add(out, " -x -a '(__fish_complete_directories)'");
    } else if (argument_is(row, command->name, "FILE")) {
        text_add(out, " -r -F");
    } else if (row->type != SETTING_FLAG) {
        text_add(out, " -x");
    }
    text_add(out, " -d '");
    add_quoted(out, setting_help(row, command->name), "\\", "\\'");
    text_add(out, "'\n");
}

static void fish_command(struct text *out, const struct command *command)
{
    struct text words;

    text_printf(out, "complete -c darkroom -n __fish_use_subcommand -f -a %s -d '", command->name);
    add_quoted(out, command->summary, "\\", "\\'");
    text_add(out, "'\n");
    text_begin(&words, 200);
    if (add_argument_words(&words, command) > 0 || command->max_arguments == 0) {
        text_printf(out, "complete -c darkroom -n '__fish_seen_subcommand_from %s' -f -a '%s'\n",
                    command->name, words.data);
    }
    text_end(&words);
    if (command->output) {
        text_printf(out,
                    "complete -c darkroom -n '__fish_seen_subcommand_from %s' -l json-schema -d "
                    "'" SCHEMA_HELP "'\n",
                    command->name);
    }
    each_flag(out, command, fish_flag);
}

static void fish_script(struct text *out)
{
    text_add(out, "# fish completion for darkroom\n"
                  "complete -c darkroom -l help -d 'show help'\n"
                  "complete -c darkroom -n __fish_use_subcommand -l version -d 'show the version'\n"
                  "complete -c darkroom -n __fish_use_subcommand -f -a help -d 'show help'\n"
                  "complete -c darkroom -n '__fish_seen_subcommand_from help' -f -a '");
    add_command_names(out);
    text_add(out, "'\n");
    for (int i = 0; commands[i]; i++) {
        if (!commands[i]->for_developers) {
            fish_command(out, commands[i]);
        }
    }
}

bool completion_script(struct text *out, const char *shell)
{
    static const struct {
        const char *name;
        void (*write)(struct text *out);
    } shells[] = { { "bash", bash_script }, { "zsh", zsh_script }, { "fish", fish_script } };

    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].write(out);
            return true;
        }
    }
    return false;
}
