/* confirm.h - asks the person at the terminal before a change. */
#ifndef TERM_CONFIRM_H
#define TERM_CONFIRM_H

enum answer { ANSWER_YES, ANSWER_NO, ANSWER_NO_TERMINAL };

/* Prints the question with "[y/N]" on standard error and reads the answer from the terminal,
 * because standard input may carry data. */
enum answer confirm(const char *question);
#endif
