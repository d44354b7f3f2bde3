/* stored_text.h - text of a model or a user, before it is stored for the application.
 *
 * Pages, exports and e-mails of the application show it, not all of which escape it. So it is plain
 * text: no HTML or Markdown, no characters that are not visible. */
#ifndef MODEL_STORED_TEXT_H
#define MODEL_STORED_TEXT_H
#include <cjson/cJSON.h>

/* Makes plain text, in place; it never becomes longer. Removes tags (with the content of script and
 * style), comments, Markdown emphasis, headings, list marks, code and links, whose text stays;
 * decodes character references; removes zero-width and bidirectional characters; turns control
 * characters and white space into single spaces; trims. A '<' that begins no tag stays. */
void stored_text_clean(char *text);
/* Cleans every string value of a tree. */
void stored_text_clean_tree(cJSON *tree);
#endif
