/* matting_server.h - the process that holds the cut-out model: started by the worker from its own
 * program, like a decoder process (decoder_server.h). It loads library and model while it may still
 * open files. Each image is then masked by a forked child that can neither open a file nor start a
 * process. */
#ifndef MATTING_MATTING_SERVER_H
#define MATTING_MATTING_SERVER_H

#define MATTING_COMMAND "cut-out-process" /* first argument of the program */

/* Serves requests from standard input until the worker closes it, then returns the exit status.
 * Arguments: the path of the model; the path of the library, or "". */
int matting_serve(int argc, char **argv);
#endif
