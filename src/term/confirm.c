/* confirm.c - asks the person at the terminal before a change. */
#include "term/confirm.h"

#include <stdio.h>
#include <unistd.h>

#include "term/term_wrap.h"

enum answer confirm(const char *question)
{
    FILE *terminal = isatty(STDERR_FILENO) ? fopen("/dev/tty", "r+") : NULL;
    char answer[8] = "", text[2000];

    if (!terminal) {
        return ANSWER_NO_TERMINAL;
    }
    snprintf(text, sizeof text, "%.1900s [y/N]", question);
    term_print_from_column(stderr, 0, text);
    fputc(' ', stderr);
    if (!fgets(answer, sizeof answer, terminal)) {
        answer[0] = 'n';
    }
    fclose(terminal);
    return answer[0] == 'y' || answer[0] == 'Y' ? ANSWER_YES : ANSWER_NO;
}
