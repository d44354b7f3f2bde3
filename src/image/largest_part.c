/* largest_part.c - takes the parts of a grid one by one. */
#include "image/largest_part.h"

/* Returns the size of the part, and unmarks it. */
static int take_part(uint8_t *marked, int width, int height, int *stack, int at)
{
    int depth = 0, count = 0;

    stack[depth++] = at;
    marked[at] = 0;
    while (depth > 0) {
        int from = stack[--depth], x = from % width, y = from / width;
        const int next[4] = { x > 0 ? from - 1 : -1, x + 1 < width ? from + 1 : -1,
                              y > 0 ? from - width : -1, y + 1 < height ? from + width : -1 };

        count++;
        for (int k = 0; k < 4; k++) {
            if (next[k] >= 0 && marked[next[k]]) {
                marked[next[k]] = 0;
                stack[depth++] = next[k];
            }
        }
    }
    return count;
}

int largest_part(uint8_t *marked, int width, int height, int *stack)
{
    int largest = 0;

    for (int i = 0; i < width * height; i++) {
        int count = marked[i] ? take_part(marked, width, height, stack, i) : 0;

        largest = count > largest ? count : largest;
    }
    return largest;
}
