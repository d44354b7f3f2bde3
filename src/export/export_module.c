/* export_module.c - headlines, paragraphs, lists and images of an A+ module. Field names and limits
 * of lists are those of Amazon's API; limits of texts are those of the module in exports.json. */
#include "export/export_module.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "export/export_text.h"

enum { LIST_ITEMS = 8, ALT_TEXT = 100, KEY_BYTES = 64, TEXT_ITEMS = 100, TEXT_MAX = 10000 };

struct module_builder {
    const struct export_pack *pack;
    const struct export_module *type;
    const cJSON *content;
    int number;
    struct arena *arena;
    cJSON *out; /* the object of the module's own fields */
    bool shortened;
};

/* -- texts ------------------------------------------------------------------------------------- */

static const char *content_text(const struct module_builder *b, const char *key)
{
    const char *text = json_peek_text(b->content, key);

    return text ? text : "";
}

static void add_text(cJSON *to, const char *key, const char *text)
{
    if (text[0]) {
        cJSON_AddStringToObject(cJSON_AddObjectToObject(to, key), "value", text);
    }
}

static void add_headline(struct module_builder *b)
{
    const char *headline = content_text(b, "headline");
    const char *cut = text_cut(headline, b->type->max_headline, b->arena);

    b->shortened = b->shortened || strcmp(cut, headline) != 0;
    add_text(b->out, "headline", cut);
}

static void add_paragraph(cJSON *list, const char *text)
{
    cJSON *item;

    if (text[0] && cJSON_GetArraySize(list) < TEXT_ITEMS) {
        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "value", text);
        cJSON_AddItemToArray(list, item);
    }
}

/* Returns the list of paragraphs of {to: {key: {"body": {"textList": []}}}}, created on demand. */
static cJSON *paragraphs_of(cJSON *to, const char *key)
{
    cJSON *block = cJSON_GetObjectItemCaseSensitive(to, key), *body;

    block = block ? block : cJSON_AddObjectToObject(to, key);
    body = cJSON_GetObjectItemCaseSensitive(block, "body");
    body = body ? body : cJSON_AddObjectToObject(block, "body");
    return cJSON_HasObjectItem(body, "textList")
               ? cJSON_GetObjectItemCaseSensitive(body, "textList")
               : cJSON_AddArrayToObject(body, "textList");
}

/* Returns bullets, sidebar and specifications of the module as texts. */
static int list_texts(struct module_builder *b, const char **out, int most)
{
    const char *const keys[] = { "sidebar", "bullets", "specifications" };
    int count = 0;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const cJSON *item;

        cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(b->content, keys[i]))
        {
            const char *text = cJSON_GetStringValue(item);

            if (!text || !text[0] || count == most) {
                b->shortened = b->shortened || (text && text[0]);
                continue;
            }
            out[count++] =
                item->string ? arena_printf(b->arena, "%s: %s", item->string, text) : text;
        }
    }
    return count;
}

static cJSON *list_block(cJSON *to, const char *key)
{
    return cJSON_AddArrayToObject(cJSON_AddObjectToObject(to, key), "textList");
}

static void add_list_item(cJSON *list, const char *text)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddNumberToObject(item, "position", cJSON_GetArraySize(list) + 1);
    add_text(item, "text", text);
    cJSON_AddItemToArray(list, item);
}

/* -- images ------------------------------------------------------------------------------------ */

static void add_pixels(cJSON *to, const char *key, int value)
{
    cJSON *number = cJSON_AddObjectToObject(to, key);

    cJSON_AddNumberToObject(number, "value", value);
    cJSON_AddStringToObject(number, "units", "pixels");
}

static const char *alt_text(const struct module_builder *b, int slot)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(b->content, "imageDescriptions");
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(list, slot));

    text = text && text[0] ? text : json_peek_text(b->pack->project, "product");
    return text_cut(text && text[0] ? text : b->pack->id, ALT_TEXT, b->arena);
}

/* The image is cut already: the crop is the whole file. */
static void add_image(struct module_builder *b, cJSON *to, int slot)
{
    for (int i = 0; i < b->pack->file_count; i++) {
        const struct export_file *file = &b->pack->files[i];
        cJSON *image, *crop, *part;

        if (file->module != b->number || file->image != slot + 1) {
            continue;
        }
        image = cJSON_AddObjectToObject(to, "image");
        cJSON_AddStringToObject(image, "uploadDestinationId", file->name);
        crop = cJSON_AddObjectToObject(image, "imageCropSpecification");
        part = cJSON_AddObjectToObject(crop, "size");
        add_pixels(part, "width", file->size.width);
        add_pixels(part, "height", file->size.height);
        part = cJSON_AddObjectToObject(crop, "offset");
        add_pixels(part, "x", 0);
        add_pixels(part, "y", 0);
        cJSON_AddStringToObject(image, "altText", alt_text(b, slot));
        return;
    }
}

/* -- one function per module type -------------------------------------------------------------- */

static const char *block_name(struct module_builder *b, const char *stem, int i)
{
    return arena_printf(b->arena, "%s%d", stem, i + 1);
}

/* Adds the body to blocks named stem1, stem2, ... Returns how many are used. */
static int add_body(struct module_builder *b, const char *stem)
{
    struct text_blocks blocks;
    int used = 0;

    text_blocks_fill(content_text(b, "bodyText"), b->type->blocks, b->type->max_body, b->arena,
                     &blocks);
    b->shortened = b->shortened || blocks.shortened;
    for (int i = 0; i < blocks.count; i++) {
        if (blocks.text[i][0]) {
            add_paragraph(paragraphs_of(b->out, block_name(b, stem, i)), blocks.text[i]);
            used = i + 1;
        }
    }
    return used;
}

/* Adds the first eight texts that are short enough for a list; the others become paragraphs of the
 * block with this name. */
static void add_list(struct module_builder *b, cJSON *to, const char *key, const char *rest)
{
    const char *texts[TEXT_ITEMS];
    int count = list_texts(b, texts, TEXT_ITEMS);
    cJSON *list = NULL;

    for (int i = 0; i < count; i++) {
        bool fits = strcmp(text_cut(texts[i], b->type->max_bullet, b->arena), texts[i]) == 0;

        if (fits && (!list || cJSON_GetArraySize(list) < LIST_ITEMS)) {
            list = list ? list : list_block(to, key);
            add_list_item(list, texts[i]);
        } else {
            add_paragraph(paragraphs_of(b->out, rest), texts[i]);
        }
    }
}

static void build_sidebar(struct module_builder *b)
{
    struct text_blocks blocks;

    add_headline(b);
    text_blocks_fill(content_text(b, "bodyText"), 1, b->type->max_body, b->arena, &blocks);
    b->shortened = b->shortened || blocks.shortened;
    add_image(b, cJSON_AddObjectToObject(b->out, "imageCaptionBlock"), 0);
    if (blocks.text[0][0]) {
        add_paragraph(paragraphs_of(b->out, "descriptionTextBlock"), blocks.text[0]);
    }
    add_image(b, cJSON_AddObjectToObject(b->out, "sidebarImageTextBlock"), 1);
    add_list(b, b->out, "sidebarListBlock", "sidebarImageTextBlock");
}

static void build_highlights(struct module_builder *b)
{
    cJSON *bullets;
    int used;

    add_headline(b);
    add_image(b, b->out, 0);
    used = add_body(b, "textBlock");
    bullets = cJSON_CreateObject();
    add_list(b, bullets, "block",
             block_name(b, "textBlock", used < b->type->blocks ? used : b->type->blocks - 1));
    if (bullets->child) {
        cJSON_AddItemToObject(b->out, "bulletedListBlock", bullets);
    } else {
        cJSON_Delete(bullets);
    }
}

static void build_specs(struct module_builder *b)
{
    cJSON *list = cJSON_CreateObject();

    add_headline(b);
    add_image(b, b->out, 0);
    add_body(b, "descriptionBlock");
    add_list(b, list, "block", "specificationTextBlock");
    if (list->child) {
        cJSON_AddItemToObject(b->out, "specificationListBlock", list);
    } else {
        cJSON_Delete(list);
    }
}

static void build_four_images(struct module_builder *b)
{
    struct text_blocks blocks;

    add_headline(b);
    text_blocks_spread(content_text(b, "bodyText"), b->type->blocks, b->type->max_body, b->arena,
                       &blocks);
    b->shortened = b->shortened || blocks.shortened;
    for (int i = 0; i < b->type->slot_count; i++) {
        const char *name = block_name(b, "block", i);

        add_image(b, cJSON_AddObjectToObject(b->out, name), i);
        if (i < blocks.count && blocks.text[i][0]) {
            add_paragraph(paragraphs_of(b->out, name), blocks.text[i]);
        }
    }
}

/* Adds body and list as paragraphs. */
static void add_all_text(struct module_builder *b, cJSON *list, int max)
{
    const char *texts[TEXT_ITEMS];
    int count = list_texts(b, texts, TEXT_ITEMS - 1);
    struct text_blocks blocks;

    text_blocks_fill(content_text(b, "bodyText"), 1, max, b->arena, &blocks);
    b->shortened = b->shortened || blocks.shortened;
    add_paragraph(list, blocks.text[0]);
    for (int i = 0; i < count; i++) {
        add_paragraph(list, text_cut(texts[i], TEXT_MAX, b->arena));
    }
}

static void build_header(struct module_builder *b)
{
    add_headline(b);
    add_image(b, cJSON_AddObjectToObject(b->out, "block"), 0);
    add_all_text(b, paragraphs_of(b->out, "block"), b->type->max_body);
}

static const struct {
    const char *type;
    void (*build)(struct module_builder *b);
} builders[] = {
    { "STANDARD_IMAGE_SIDEBAR", build_sidebar },
    { "STANDARD_SINGLE_IMAGE_HIGHLIGHTS", build_highlights },
    { "STANDARD_SINGLE_IMAGE_SPECS_DETAIL", build_specs },
    { "STANDARD_FOUR_IMAGE_TEXT", build_four_images },
    { "STANDARD_HEADER_IMAGE_TEXT", build_header },
};

/* "STANDARD_IMAGE_SIDEBAR" becomes "standardImageSidebar". */
static void field_of(const char *type, char out[KEY_BYTES])
{
    bool upper = false;
    size_t size = 0;

    for (; *type && size < KEY_BYTES - 1; type++) {
        if (*type == '_') {
            upper = true;
            continue;
        }
        out[size++] = upper ? *type : (char)tolower((unsigned char)*type);
        upper = false;
    }
    out[size] = '\0';
}

static cJSON *open_module(const char *type, struct module_builder *b)
{
    cJSON *made = cJSON_CreateObject();
    char field[KEY_BYTES];

    field_of(type, field);
    cJSON_AddStringToObject(made, "contentModuleType", type);
    b->out = cJSON_AddObjectToObject(made, field);
    return made;
}

cJSON *export_module_build(const struct export_pack *pack, const struct export_module *type,
                           const cJSON *module, int number, bool *shortened)
{
    struct module_builder b = { .pack = pack,
                                .type = type,
                                .content = cJSON_GetObjectItemCaseSensitive(module, "content"),
                                .number = number,
                                .arena = pack->arena };
    cJSON *made = open_module(type->type, &b);

    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++) {
        if (strcmp(builders[i].type, type->type) == 0) {
            builders[i].build(&b);
            *shortened = b.shortened;
            return made;
        }
    }
    cJSON_Delete(made);
    return export_module_build_text(pack, type, module, shortened);
}

cJSON *export_module_build_text(const struct export_pack *pack, const struct export_module *type,
                                const cJSON *module, bool *shortened)
{
    struct module_builder b = { .pack = pack,
                                .type = type,
                                .content = cJSON_GetObjectItemCaseSensitive(module, "content"),
                                .arena = pack->arena };
    cJSON *made = open_module("STANDARD_TEXT", &b), *list;

    add_headline(&b);
    list = cJSON_AddArrayToObject(cJSON_AddObjectToObject(b.out, "body"), "textList");
    add_all_text(&b, list, TEXT_MAX);
    *shortened = b.shortened;
    if (cJSON_GetArraySize(list) > 0) {
        return made;
    }
    cJSON_Delete(made);
    return NULL;
}
