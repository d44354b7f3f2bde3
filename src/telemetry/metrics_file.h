/* metrics_file.h - writes the page of metrics to a file, for the textfile collector of
 * node_exporter. */
#ifndef TELEMETRY_METRICS_FILE_H
#define TELEMETRY_METRICS_FILE_H
#include "io/loop.h"
#include "io/perform.h"

struct metrics_file;

/* Writes the file now and every 15 seconds, atomically. A file that cannot be written is logged
 * once. `path` is borrowed. */
struct metrics_file *metrics_file_start(struct loop *loop, struct performer *performer,
                                        const char *path);
/* Waits for the write in flight and removes the file, since its values no longer hold. NULL is
 * harmless. */
void metrics_file_stop(struct metrics_file *file);
#endif
