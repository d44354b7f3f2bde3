/* album_modules.c - writes A+ modules as HTML: images, text, bullets, specifications and sidebars.
 * The styles of the page define how each module type looks. */
#include "demo/album_modules.h"

#include "base/json.h"

enum { MODULE_IMAGES_MAX = 8 };

static const cJSON *find_image(const cJSON *record, int module, int slot)
{
    const cJSON *image;

    cJSON_ArrayForEach(image, cJSON_GetObjectItemCaseSensitive(record, "images"))
    {
        if (json_peek_int(image, "module", -1) == module &&
            json_peek_int(image, "slot", -1) == slot) {
            return image;
        }
    }
    return NULL;
}

static void add_element(struct text *out, const char *open, const char *content, const char *close)
{
    if (content && *content) {
        text_add(out, open);
        text_add_html(out, content);
        text_add(out, close);
    }
}

/* Adds the images of a module. A missing image is replaced by its description. */
static void add_images(const cJSON *record, const cJSON *content, int module, struct text *out)
{
    const cJSON *item;
    int slot = 0;

    text_add(out, "<div class=\"pictures\">");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(content, "imageDescriptions"))
    {
        const cJSON *image = find_image(record, module, slot);
        const char *file = json_peek_text(image, "file"), *description = cJSON_GetStringValue(item);

        if (slot++ == MODULE_IMAGES_MAX) {
            break;
        }
        if (file) {
            add_element(out, "<img src=\"", file, "\"");
            add_element(out, " alt=\"", description ? description : "image", "\">");
        } else {
            add_element(out, "<div class=\"empty\">", description ? description : "image",
                        "</div>");
        }
    }
    text_add(out, "</div>");
}

static void add_bullets(const cJSON *content, struct text *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(content, "bullets"), *item;

    if (!cJSON_IsArray(list)) {
        return;
    }
    text_add(out, "<ul>");
    cJSON_ArrayForEach(item, list)
    {
        add_element(out, "<li>", cJSON_GetStringValue(item), "</li>");
    }
    text_add(out, "</ul>");
}

static void add_aside(const cJSON *content, struct text *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(content, "specifications"), *item;
    const cJSON *sidebar = cJSON_GetObjectItemCaseSensitive(content, "sidebar");

    if (cJSON_IsArray(sidebar)) {
        text_add(out, "<div class=\"aside\">");
        cJSON_ArrayForEach(item, sidebar)
        {
            add_element(out, "<p>", cJSON_GetStringValue(item), "</p>");
        }
        text_add(out, "</div>");
    }
    if (!cJSON_IsObject(list)) {
        return;
    }
    text_add(out, "<div class=\"aside\"><table>");
    cJSON_ArrayForEach(item, list)
    {
        add_element(out, "<tr><th>", item->string, "</th>");
        add_element(out, "<td>", cJSON_GetStringValue(item), "</td></tr>");
    }
    text_add(out, "</table></div>");
}

/* Returns the CSS classes that arrange the module: by its number of images, and a sidebar. */
static const char *css_class(const cJSON *content)
{
    int count = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(content, "imageDescriptions"));
    bool aside = cJSON_GetObjectItemCaseSensitive(content, "sidebar") ||
                 cJSON_GetObjectItemCaseSensitive(content, "specifications");

    return count > 2 ? "four" : count == 2 ? "two" : aside ? "one with-aside" : "one";
}

static void add_module(const cJSON *record, const cJSON *module, int index, struct text *out)
{
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(module, "content");
    const char *headline = json_peek_text(content, "headline");

    add_element(out, "<article class=\"module ", css_class(content), "\"");
    add_element(out, " title=\"", json_peek_text(module, "type"), "\"");
    text_add(out, ">");
    add_images(record, content, index, out);
    text_add(out, "<div class=\"text\">");
    add_element(out, "<h3>", headline, "</h3>");
    add_element(out, "<p>", json_peek_text(content, "bodyText"), "</p>");
    add_bullets(content, out);
    text_add(out, "</div>");
    add_aside(content, out);
    text_add(out, "</article>\n");
}

void album_modules(const cJSON *record, struct text *out)
{
    const cJSON *aplus = cJSON_GetObjectItemCaseSensitive(record, "aplus"), *module;
    const cJSON *modules = cJSON_GetObjectItemCaseSensitive(aplus, "modules");
    int index = 0;

    if (!cJSON_IsArray(modules)) {
        return;
    }
    text_add(out, "<section><h2>A+ content</h2><div class=\"listing\">\n");
    cJSON_ArrayForEach(module, modules)
    {
        add_module(record, module, index++, out);
    }
    text_add(out, "</div></section>\n");
}
