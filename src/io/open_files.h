/* open_files.h - the limit on open files and sockets of this process. */
#ifndef IO_OPEN_FILES_H
#define IO_OPEN_FILES_H
#include "base/error.h"

/* Raises the soft limit to `need` if it is lower. If the hard limit is lower than that, raises it
 * as far as possible and fails with ERROR_CONFIG. */
bool open_files_raise_limit(long need, struct error *err) MUST_CHECK;
#endif
