/* state_style.c - green: done; yellow: needs attention; red: failed; bold: in progress. */
#include "term/state_style.h"

#include <string.h>

enum term_style state_style(const char *state)
{
    static const struct {
        const char *name;
        enum term_style style;
    } states[] = {
        { "completed", STYLE_GOOD },    { "done", STYLE_GOOD },
        { "ready", STYLE_GOOD },        { "ok", STYLE_GOOD },
        { "healthy", STYLE_GOOD },      { "accepted", STYLE_GOOD },
        { "passed", STYLE_GOOD },       { "processing", STYLE_BOLD },
        { "running", STYLE_BOLD },      { "open", STYLE_BOLD },
        { "filling", STYLE_BOLD },      { "sending", STYLE_BOLD },
        { "pending", STYLE_NORMAL },    { "failed", STYLE_BAD },
        { "dead", STYLE_BAD },          { "FAILED", STYLE_BAD },
        { "fail", STYLE_BAD },          { "error", STYLE_BAD },
        { "rejected", STYLE_BAD },      { "key rejected", STYLE_BAD },
        { "out of credit", STYLE_BAD }, { "misconfigured", STYLE_BAD },
        { "unreadable", STYLE_BAD },    { "retired", STYLE_BAD },
        { "paused", STYLE_WARN },       { "slow", STYLE_WARN },
        { "rate limited", STYLE_WARN }, { "failing", STYLE_WARN },
        { "unreachable", STYLE_WARN },  { "warn", STYLE_WARN },
        { "not known", STYLE_WARN },    { "cancelled", STYLE_DIM },
        { "skip", STYLE_DIM },          { "reverted", STYLE_DIM },
    };

    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].name, state) == 0) {
            return states[i].style;
        }
    }
    return STYLE_NORMAL;
}
