/* decoder_server.h - the decoder process: started by the worker from its own program, without
 * environment, settings or open files. */
#ifndef DECODER_DECODER_SERVER_H
#define DECODER_DECODER_SERVER_H
#include "decoder/decoder_protocol.h"

#define DECODER_COMMAND "decoder-process" /* first argument of the program */

typedef bool (*decoder_decode_fn)(const struct blob *file, const struct decode_plan *plan,
                                  uint8_t *buffer, struct image *out, struct error *err);

/* Serves requests from standard input, a socket, until the worker closes it, then returns the exit
 * status. `decode` is decode_planned, or a function of a test. Closes all other descriptors besides
 * standard output and error. */
int decoder_serve(decoder_decode_fn decode);

/* The two parts of decoder_serve, for a process that loads something in between: closes
 * descriptors, ignores signals; then sends *ready, with what the sandbox reports, and serves
 * requests unless ready->failure is set. */
void decoder_server_begin(void);
int decoder_server_run(decoder_decode_fn decode, struct decoder_ready *ready);
#endif
