/* sample_chain.h - the hash chain over the lines of samples.jsonl.
 *
 * Each line ends with "chain", the SHA-256 of the previous line's "chain" and of this line without
 * it. summary.json holds the last one, the head, and the number of lines. An edited, removed,
 * inserted or moved line breaks the chain; a file that was cut off has another head. A chain that
 * was computed again after an edit is consistent: only a head that was published or stored
 * elsewhere proves that a run is the original. */
#ifndef BENCH_REPORT_SAMPLE_CHAIN_H
#define BENCH_REPORT_SAMPLE_CHAIN_H
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

struct sample_chain {
    char head[DIGEST_TEXT]; /* "" before the first line */
    int lines;
};

void sample_chain_begin(struct sample_chain *chain);
/* Appends a line, which is a JSON object without "chain". */
void sample_chain_add(struct sample_chain *chain, const char *object, struct text *out);
/* Called with the number of bytes that are checked, after each line. */
typedef void (*sample_chain_progress_fn)(size_t bytes, void *context);

/* Checks lines that sample_chain_add wrote; on_progress may be NULL. Fails with ERROR_OUTPUT,
 * naming the first line that does not continue the chain, and with ERROR_INPUT if the file has no
 * chain. */
bool sample_chain_check(const char *text, size_t size, sample_chain_progress_fn on_progress,
                        void *context, struct sample_chain *out, struct error *err) MUST_CHECK;
#endif
