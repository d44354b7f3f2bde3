/* edit_distance.c - optimal string alignment distance, for "did you mean". */
#include "base/edit_distance.h"

#include <string.h>

enum { WORD_MAX = 40 };

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;

    return ab < c ? ab : c;
}

int edit_distance(const char *a, const char *b)
{
    int rows[3][WORD_MAX + 1], m = (int)strnlen(a, WORD_MAX + 1), n = (int)strnlen(b, WORD_MAX + 1);

    if (m > WORD_MAX || n > WORD_MAX) {
        return WORD_MAX;
    }
    for (int j = 0; j <= n; j++) {
        rows[0][j] = j;
    }
    for (int i = 1; i <= m; i++) {
        int *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        now[0] = i;
        for (int j = 1; j <= n; j++) {
            now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j]) {
                now[j] = before[j - 2] + 1; /* two letters are swapped */
            }
        }
    }
    return rows[m % 3][n];
}

void closest_match_try(struct closest_match *match, const char *word)
{
    int distance = edit_distance(match->to, word);
    int allowed = (int)strlen(match->to) / 3 + 1;

    if (distance <= allowed && (!match->word || distance < match->distance)) {
        match->word = word;
        match->distance = distance;
    }
}
