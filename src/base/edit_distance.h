/* edit_distance.h - finds the word that was probably meant. */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H
#include <stddef.h>

/* Number of letters to add, remove, change or swap to turn one word into the other. Words longer
 * than 40 letters count as 40 apart. */
int edit_distance(const char *a, const char *b);

/* Set `to`, then try each candidate. `word` is the closest one that is similar enough. */
struct closest_match {
    const char *to;
    const char *word; /* NULL = no similar word */
    int distance;
};
void closest_match_try(struct closest_match *match, const char *word);
#endif
