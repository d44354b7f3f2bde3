/* review_rejections.c - shows which answers of models were rejected for an item, and why. */
#include "batch/review/review_rejections.h"

#include "base/json.h"

void review_rejections_read(const cJSON *rows, struct review_items *items)
{
    struct review_item *item = items->list, *end = items->list + items->count;
    const cJSON *row;

    cJSON_ArrayForEach(row, rows) /* both are in the order of the items */
    {
        int64_t number = json_peek_int(row, "item", 0);

        while (item < end && item->number < number) {
            item++;
        }
        if (item < end && item->number == number) {
            item->rejections = item->rejections ? item->rejections : row;
            item->rejection_count++;
        }
    }
}

static void add_answer(const struct review_item *item, const cJSON *row, struct text *out)
{
    const char *picture = json_peek_text(row, "picture"), *check = json_peek_text(row, "check");
    const char *message = json_peek_text(row, "message");

    text_add(out, "<figure>");
    if (picture) {
        text_add(out,
                 "<img decoding=\"async\" loading=\"lazy\" alt=\"the photo beside the rejected "
                 "image\" src=\"data:image/jpeg;base64,");
        text_add_html(out, picture);
        text_add(out, "\">");
    }
    text_add(out, "<figcaption>");
    if (item->count > 1) {
        text_printf(out, "variant %lld, ", (long long)json_peek_int(row, "variant", 0));
    }
    text_add(out, "<b>");
    text_add_html(out, check ? check : "");
    text_add(out, check ? "</b>: " : "</b>");
    text_add_html(out, message ? message : "");
    text_add(out, "</figcaption></figure>");
}

void review_rejections_add(const struct review_item *item, struct text *out)
{
    const cJSON *row = item->rejections;

    if (item->rejection_count == 0) {
        return;
    }
    text_printf(out, "<details class=\"rejected\"%s><summary>%d rejected answer%s</summary><div>",
                item->candidates[0].done ? "" : " open", item->rejection_count,
                item->rejection_count > 1 ? "s" : "");
    for (int i = 0; i < item->rejection_count; i++, row = row->next) {
        add_answer(item, row, out);
    }
    text_add(out, "</div></details>\n");
}
