/* clock.h - the current time, processor time, and dates as text. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stddef.h>
#include <stdint.h>

/* Microseconds of a clock that never goes back: for durations. */
int64_t clock_mono_us(void);
/* Milliseconds since 1970, UTC. */
int64_t clock_wall_ms(void);
/* Microseconds of processor time used by this process, and by the calling thread. They measure work
 * independently of how often other threads are scheduled. */
int64_t clock_process_cpu_us(void);
int64_t clock_thread_cpu_us(void);

/* Writes "2026-11-23T12:01:07.113Z". */
void clock_format(int64_t wall_ms, char out[25]);

/* Converts "2026-11-23" to milliseconds since 1970 at midnight UTC. Returns -1 if it is not a date.
 */
int64_t clock_parse_date(const char *date);
#endif
