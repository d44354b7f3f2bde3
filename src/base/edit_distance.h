/* edit_distance.h - the word that was probably meant. */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H
#include <stddef.h>

/* Letters to add, drop, change or swap to make one word of the other. */
int edit_distance(const char *a, const char *b);

/* Keeps the closest_match of the words that it is shown, where one is near enough. */
struct closest_match {
    const char *to;
    const char *word; /* NULL: none is near */
    int distance;
};
void closest_match_try(struct closest_match *closest_match, const char *word);
#endif
