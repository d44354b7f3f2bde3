/* album_rejections.c - pictures of rejected answers below the image that was accepted, or instead
 * of it. */
#include "demo/rejections/album_rejections.h"

#include "base/json.h"

static void add_answer(const cJSON *row, struct text *out)
{
    const char *file = json_peek_text(row, "file"), *check = json_peek_text(row, "check");
    const char *message = json_peek_text(row, "message");

    text_add(out, "<figure>");
    if (file) {
        text_add(out, "<a href=\"");
        text_add_html(out, file);
        text_add(out,
                 "\"><img loading=\"lazy\" alt=\"the photo beside the rejected image\" src=\"");
        text_add_html(out, file);
        text_add(out, "\"></a>");
    }
    text_add(out, "<figcaption>");
    if (check) {
        text_add(out, "<b>");
        text_add_html(out, check);
        text_add(out, "</b>: ");
    }
    text_add_html(out, message ? message : "");
    text_add(out, "</figcaption></figure>");
}

void album_rejections(const cJSON *job, bool open, struct text *out)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(job, "rejections"), *row;
    int count = cJSON_GetArraySize(rows);

    if (count == 0) {
        return;
    }
    text_printf(out, "<details class=\"rejected\"%s><summary>%d rejected answer%s</summary>",
                open ? " open" : "", count, count > 1 ? "s" : "");
    cJSON_ArrayForEach(row, rows)
    {
        add_answer(row, out);
    }
    text_add(out, "</details>");
}
