/* confirm.c - asks the person at the terminal before a change. */
#include "term/confirm.h"

#include <stdio.h>
#include <unistd.h>

#include "term/term.h"

enum answer confirm(const char *question)
{
    FILE *terminal = isatty(STDERR_FILENO) ? fopen("/dev/tty", "r+") : NULL;
    char answer[8] = "";

    if (!terminal) {
        return ANSWER_NO_TERMINAL;
    }
    fprintf(stderr, "%s [y/N] ", term_text(question, true));
    if (!fgets(answer, sizeof answer, terminal)) {
        answer[0] = 'n';
    }
    fclose(terminal);
    return answer[0] == 'y' || answer[0] == 'Y' ? ANSWER_YES : ANSWER_NO;
}
