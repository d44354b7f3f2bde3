/* open_files.h - how many files and sockets this process may have open. */
#ifndef IO_OPEN_FILES_H
#define IO_OPEN_FILES_H
#include "base/error.h"

/* Raises the soft limit where fewer than `need` descriptors are allowed. ERROR_CONFIG where the
 * hard limit is lower; the soft one is as high as that then. */
bool open_files_raise_limit(long need, struct error *err) MUST_CHECK;
#endif
