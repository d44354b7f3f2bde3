/* memory_budget.h - the memory that images may use in this process and in its decoders.
 *
 * A task reserves all that it needs before it starts, and waits for it in order of arrival. It
 * holds nothing while it waits, so tasks cannot block each other for ever. */
#ifndef IMAGE_MEMORY_BUDGET_H
#define IMAGE_MEMORY_BUDGET_H
#include <stdbool.h>
#include <stddef.h>

struct memory_budget_state {
    size_t limit;   /* bytes; SIZE_MAX if no limit is set */
    size_t used;    /* reserved now */
    size_t highest; /* most that was reserved at once */
    int waiting;    /* threads that wait now */
    long waited;    /* reservations that had to wait */
};

/* Sets the limit in bytes; 0 = no limit, which is the default. Call it before images are decoded.
 */
void memory_budget_set(size_t limit);

/* Reserves `bytes`, after all threads that asked before. Returns false if `bytes` exceeds the whole
 * limit. A thread that already holds a reservation does not wait, even if the limit is exceeded:
 * what it holds could otherwise never be returned. */
bool memory_budget_reserve(size_t bytes) __attribute__((warn_unused_result));
void memory_budget_return(size_t bytes); /* all or a part, on the thread that reserved it */

struct memory_budget_state memory_budget_state(void);
#endif
