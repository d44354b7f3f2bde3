/* state_style.h - the style of a state's name, the same in every table. */
#ifndef TERM_STATE_STYLE_H
#define TERM_STATE_STYLE_H
#include "term/term.h"

/* Of states of jobs, parts, batches, items, calls, services and checks. STYLE_NORMAL for any other
 * text. */
enum term_style state_style(const char *state);
#endif
