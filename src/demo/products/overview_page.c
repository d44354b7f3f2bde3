/* overview_page.c - fills the placeholders of assets/products.html. Its texts come from sellers and
 * models, so all of them are escaped. */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "demo/products/overview.h"

enum { PLACEHOLDER_BYTES = 32 };

static void add_text(const cJSON *row, const char *key, struct text *out)
{
    const char *text = json_peek_text(row, key);

    text_add_html(out, text ? text : "");
}

static bool is_complete(const cJSON *row)
{
    const char *status = json_peek_text(row, "status");

    return status && strcmp(status, "complete") == 0;
}

static void add_facts(const cJSON *overview, struct text *out)
{
    const cJSON *row;
    double usd = 0;
    int images = 0;

    cJSON_ArrayForEach(row, overview)
    {
        usd += json_peek_number(row, "usd", 0);
        images += (int)json_peek_int(row, "images", 0);
    }
    text_printf(out, "%d images", images);
    if (usd > 0) {
        text_printf(out, " \xc2\xb7 %.2f USD", usd);
    }
}

static void add_title(const cJSON *overview, struct text *out)
{
    int count = cJSON_GetArraySize(overview);

    text_printf(out, "%d product%s", count, count == 1 ? "" : "s");
}

static void add_status(const cJSON *overview, struct text *out)
{
    int count = cJSON_GetArraySize(overview), complete = 0;
    const cJSON *row;

    cJSON_ArrayForEach(row, overview)
    {
        complete += is_complete(row);
    }
    text_printf(out, "<span class=\"status%s\">%s %d of %d complete</span>",
                complete == count ? "" : " bad",
                complete == count ? "\xe2\x9c\x93" : "\xe2\x9c\x97", complete, count);
}

static void add_picture(const cJSON *row, struct text *out)
{
    const char *file = json_peek_text(row, "mainImage"), *status = json_peek_text(row, "status");
    bool has_page = status && strcmp(status, "not made") != 0;

    if (has_page) {
        text_add(out, "<a class=\"picture\" href=\"");
        add_text(row, "folder", out);
        text_add(out, "/index.html\">");
    } else {
        text_add(out, "<div class=\"picture\">");
    }
    if (file) {
        text_add(out, "<img loading=\"lazy\" alt=\"Main image of ");
        add_text(row, "name", out);
        text_add(out, "\" src=\"");
        add_text(row, "folder", out);
        text_add(out, "/");
        text_add_html(out, file);
        text_add(out, "\">");
    } else {
        text_add(out, "<span class=\"none\">no main image</span>");
    }
    text_add(out, has_page ? "</a>" : "</div>");
}

static void add_missing(const cJSON *row, struct text *out)
{
    const cJSON *missing, *list = cJSON_GetObjectItemCaseSensitive(row, "missing");

    if (cJSON_GetArraySize(list) == 0) {
        return;
    }
    text_add(out, "<ul class=\"missing\">");
    cJSON_ArrayForEach(missing, list)
    {
        text_add(out, "<li><b>");
        add_text(missing, "part", out);
        text_add(out, "</b> ");
        add_text(missing, "message", out);
        text_add(out, "</li>");
    }
    text_add(out, "</ul>");
}

static void add_links(const cJSON *row, struct text *out)
{
    const char *zip = json_peek_text(row, "zip"), *status = json_peek_text(row, "status");

    if (status && strcmp(status, "not made") == 0) {
        return;
    }
    text_add(out, "<p class=\"links\"><a href=\"");
    add_text(row, "folder", out);
    text_add(out, "/index.html\">Images and A+ page</a>");
    if (zip) {
        text_add(out, " <a href=\"");
        add_text(row, "folder", out);
        text_add(out, "/");
        text_add_html(out, zip);
        text_add(out, "\">ZIP for ");
        add_text(row, "marketplace", out);
        text_add(out, "</a>");
    }
    text_add(out, "</p>");
}

static void add_products(const cJSON *overview, struct text *out)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, overview)
    {
        int images = (int)json_peek_int(row, "images", 0);

        text_add(out, "<article>");
        add_picture(row, out);
        text_add(out, "<div class=\"about\"><h2>");
        add_text(row, "name", out);
        text_add(out, "</h2><p class=\"dim\">");
        add_text(row, "sku", out);
        text_add(out, " \xc2\xb7 ");
        add_text(row, "marketplace", out);
        text_printf(out, "</p><p class=\"%s\">%s ", is_complete(row) ? "good" : "bad",
                    is_complete(row) ? "\xe2\x9c\x93" : "\xe2\x9c\x97");
        add_text(row, "status", out);
        text_printf(out, " <span class=\"dim\">\xc2\xb7 %d image%s%s</span></p>", images,
                    images == 1 ? "" : "s",
                    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "aplus")) ? " and A+ content"
                                                                                 : "");
        add_missing(row, out);
        add_links(row, out);
        text_add(out, "</div></article>\n");
    }
}

static const struct {
    const char *name;
    void (*add)(const cJSON *overview, struct text *out);
} placeholders[] = {
    { "title", add_title },
    { "facts", add_facts },
    { "status", add_status },
    { "products", add_products },
};

bool overview_page(const cJSON *overview, struct text *out, struct error *err)
{
    const char *at = (const char *)embed_find("assets/products.html")->data;
    char name[PLACEHOLDER_BYTES];

    while (text_add_template(out, &at, name, sizeof name)) {
        for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
            if (strcmp(placeholders[i].name, name) == 0) {
                placeholders[i].add(overview, out);
            }
        }
    }
    return !out->overflow ||
           error_set(err, ERROR_INTERNAL, "the page of the products is too large");
}
