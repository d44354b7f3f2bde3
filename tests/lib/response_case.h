/* response_case.h - one file of tests/responses: a response, and how it must be read.
 *
 * Lines "name: value" up to an empty line, then the body:
 *   task      image, edit, text, or record (a line of the Batch API's result file)
 *   status    of HTTP; 200 if missing
 *   type      content-type; application/json if missing
 *   reading   done, download, the name of an error kind (base/error.c), or model
 *             for ERROR_CAUSE_MODEL_GONE
 *   content   the result: text, or hex: and bytes. With download: the URL
 *   usage     text_in,text_cached,image_in,image_cached,text_out,image_out; "unknown" if missing
 *   cost      micro-USD that the response reports; 0 if missing
 *   message   a part of the error's text
 * The fuzzer fuzz_openai_response uses the same files as seeds. */
#ifndef TESTS_LIB_RESPONSE_CASE_H
#define TESTS_LIB_RESPONSE_CASE_H
#include <stdbool.h>
#include <stddef.h>

#include "model/kind.h"
#include "model/usage.h"

enum { CASE_VALUE = 400 };

struct response_case {
    enum task task;
    bool record;
    int status;
    char type[80], reading[20], content[CASE_VALUE], message[CASE_VALUE];
    struct usage usage;
    const char *body; /* points into the text */
    size_t body_size;
};

/* Returns false if the text has no empty line, or an unknown name or task. */
bool response_case_read(const char *text, size_t size, struct response_case *out);
#endif
