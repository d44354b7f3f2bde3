/* cmd_completion.c - darkroom completion: prints a completion script for a shell. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/documents/completion.h"
#include "cli/documents/help.h"

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct text out;

    (void)settings;
    (void)argc;
    text_begin(&out, HELP_BYTES);
    if (completion_script(&out, argv[0])) {
        fputs(out.data, stdout);
    } else {
        error_set(err, ERROR_INPUT, "no completion for the shell '%.40s'", argv[0]);
        error_hint(err, "Write bash, zsh or fish.");
    }
    text_end(&out);
    return 0;
}

static const char *const settings_taken[] = { NULL };

const struct command command_completion = {
    .name = "completion",
    .arguments = "bash|zsh|fish",
    .summary = "print a completion script for a shell",
    .examples = "  darkroom completion bash > /etc/bash_completion.d/darkroom\n"
                "  darkroom completion zsh > ~/.zfunc/_darkroom\n"
                "  darkroom completion fish > ~/.config/fish/completions/darkroom.fish\n",
    .settings = settings_taken,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
