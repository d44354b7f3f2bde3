/* standard_streams.h - file descriptors 0, 1 and 2. */
#ifndef TERM_STANDARD_STREAMS_H
#define TERM_STANDARD_STREAMS_H
#include <stdbool.h>

/* Opens /dev/null for those that are closed: a connection or a file would else get such a number,
 * and what is printed would be written into it. Returns false if that fails. */
bool standard_streams_open(void);
#endif
