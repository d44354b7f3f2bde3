/* clock.h - what time it is, as a value that tests can set. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stddef.h>
#include <stdint.h>

int64_t clock_mono_us(void); /* microseconds on a clock that never goes back: for durations */
int64_t clock_wall_ms(void); /* milliseconds since 1970, UTC: for people and other machines */
/* Microseconds of processor time that this process took, and the calling thread: for work whose
 * length is to be known however often others go first. */
int64_t clock_process_cpu_us(void);
int64_t clock_thread_cpu_us(void);

/* "2026-11-23T12:01:07.113Z"; out has room for 25 bytes. */
void clock_format(int64_t wall_ms, char out[25]);

/* "2026-11-23" to milliseconds at its midnight, UTC; -1 where it is no date. */
int64_t clock_parse_date(const char *date);
#endif
