/* program_path.h - how to start this program from the current folder. */
#ifndef APP_PROGRAM_PATH_H
#define APP_PROGRAM_PATH_H
#include <stddef.h>

/* Writes the command that starts this program again: "darkroom" if PATH finds it,
 * "./build/darkroom" if it is below the current folder, else its full path. */
void program_path(char *out, size_t size);
#endif
