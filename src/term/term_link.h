/* term_link.h - text that a terminal opens when it is clicked (OSC 8). */
#ifndef TERM_TERM_LINK_H
#define TERM_TERM_LINK_H
#include "term/term.h"

/* True if the stream is a terminal that is known to support links. The variable FORCE_HYPERLINK
 * decides for any terminal: 0 turns links off, another value on. */
bool term_has_links(FILE *stream);
/* Return the escape sequences before and after a text that leads to `url`. Both are "" if the
 * stream has no links, or if the URL is not a plain one of http, https or file: a URL of the
 * database must not end the sequence. The first is valid until the next call. */
const char *term_link_begin(FILE *stream, const char *url);
const char *term_link_end(FILE *stream, const char *url);
#endif
