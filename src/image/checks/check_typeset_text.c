/* check_typeset_text.c - the text that darkroom typeset can be read: nothing covers it or cuts it
 * off, and it stands out from what is behind it. */
#include <stdio.h>

#include "image/checks/check_skip.h"

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    const struct check_typeset *typeset = subject->typeset;

    out->limit = limits[0];
    if (!typeset) {
        check_skip(out, "no text is typeset on the image");
        return;
    }
    out->measured = typeset->contrast;
    out->passed = !typeset->fault && typeset->contrast >= limits[0] && typeset->whole >= limits[1];
    snprintf(out->message, sizeof out->message, "%s",
             out->passed || typeset->fault ? typeset->message
                                           : "the typeset text can hardly be read");
    if (typeset->fault) {
        out->place = (struct check_place){ .in_image = true, .image = typeset->place };
    }
}

const struct check check_typeset_text = {
    .name = "typeset_text",
    .source =
        "WCAG 2: a contrast of 4.5; by pixels, since OCR misreads a part of the texts in some "
        "scripts, for example a fifth of the Arabic ones",
    .limits = "minimum contrast of letters with what is around them; minimum share of each text's "
              "letters that can be seen, 0 to 1",
    .limit_count = 2,
    .run = run,
};
