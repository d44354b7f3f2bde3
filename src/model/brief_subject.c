/* brief_subject.c - the feature that a job's payload asks for. */
#include <string.h>
#include <strings.h>

#include "model/brief.h"

enum { HIGHEST = 10 };

void brief_prefer_feature(struct brief *brief)
{
    const char *wanted = brief->subject.feature;
    struct feature first = { .title = wanted, .description = "", .icon = "" };
    int at = 0;

    if (!wanted || !wanted[0]) {
        return;
    }
    while (at < brief->feature_count && strcasecmp(brief->features[at].title, wanted) != 0) {
        at++;
    }
    if (at < brief->feature_count) {
        first = brief->features[at];
    } else if (brief->feature_count < BRIEF_FEATURES) {
        brief->feature_count++;
    } else {
        at = BRIEF_FEATURES - 1; /* the last one gives way */
    }
    memmove(brief->features + 1, brief->features, (size_t)at * sizeof *brief->features);
    for (int i = 1; i < brief->feature_count; i++) {
        if (brief->features[i].priority >= HIGHEST) {
            brief->features[i].priority = HIGHEST - 1;
        }
    }
    first.priority = HIGHEST;
    brief->features[0] = first;
}
