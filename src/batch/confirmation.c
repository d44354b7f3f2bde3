/* confirmation.c - asks before a command changes something. */
#include "batch/confirmation.h"

#include "batch/command_line.h"
#include "term/confirm.h"

enum { COMMAND_BYTES = 200 }; /* a longer line does not fit into the hint */

static void hint_command(const struct confirmation *confirmation, struct error *err)
{
    struct text line;

    text_begin(&line, COMMAND_BYTES);
    text_printf(&line, "darkroom %s", confirmation->command);
    for (int i = 0; i < confirmation->argc; i++) {
        text_add_char(&line, ' ');
        command_line_word(&line, confirmation->argv[i]);
    }
    command_line_flags(&line, confirmation->settings, confirmation->flags);
    text_add(&line, " --yes");
    if (line.overflow) {
        error_hint(err, "Check with --dry-run, then run the same command with --yes.");
    } else {
        error_hint(err, "Check with --dry-run, then run: %s", line.data);
    }
    text_end(&line);
}

bool confirmation_ask(const struct confirmation *confirmation, const char *question,
                      struct error *err)
{
    enum answer answer;

    if (setting_flag(confirmation->settings, "yes")) {
        return true;
    }
    answer = confirm(question);
    if (answer == ANSWER_NO_TERMINAL) {
        error_set(err, ERROR_INPUT, "nothing was changed: there is no terminal to confirm this: %s",
                  question);
        hint_command(confirmation, err);
        return false;
    }
    return answer == ANSWER_YES || error_set(err, ERROR_INPUT, "nothing was changed");
}
