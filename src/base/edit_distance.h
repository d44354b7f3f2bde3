/* edit_distance.h - the word that was probably meant. */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H
#include <stddef.h>

/* Letters to add, drop, change or swap to make one word of the other. */
int nearest_distance(const char *a, const char *b);

/* Keeps the nearest of the words that it is shown, where one is near enough. */
struct nearest {
    const char *to;
    const char *word; /* NULL: none is near */
    int distance;
};
void nearest_try(struct nearest *nearest, const char *word);
#endif
