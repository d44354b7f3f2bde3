/* words_aplus.c - writes A+ content from the project's sentences and features. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/stored_text.h"
#include "model/wording.h"
#include "providers/offline/scene.h"
#include "providers/offline/words.h"

enum { HEADLINE_MIN = 10, HEADLINE_MAX = 50, BODY_MIN = 50, BODY_MAX = 700, BULLET_MAX = 180 };

struct aplus_writer {
    const struct model_request *request;
    const struct brief *brief;
    struct sentences sentences;
    const char *name; /* of the product; "the product" if it contains a forbidden word */
    cJSON *modules;
    int next; /* index of the sentence that the next body begins with */
};

/* Returns `preferred`, shortened, or `fallback` if it breaks a rule of headlines. */
static const char *headline(const struct aplus_writer *writer, const char *preferred,
                            const char *fallback)
{
    struct arena *arena = writer->request->arena;
    char *text = arena_text(arena, words_cut(preferred, HEADLINE_MAX, arena));

    stored_text_clean(text); /* as it will be stored */
    return utf8_length(text) >= HEADLINE_MIN && !wording_forbidden(text, true) ? text : fallback;
}

static const char *feature_title(const struct aplus_writer *writer, int i)
{
    return i < writer->brief->feature_count ? writer->brief->features[i].title : "";
}

/* Returns `count` sentences, starting after the previous body; more if they are short. */
static const char *body(struct aplus_writer *writer, int count)
{
    const struct sentences *sentences = &writer->sentences;
    struct text text;
    const char *out;

    text_begin(&text, 8192);
    for (int i = 0; i < sentences->count && (i < count || text.size < BODY_MIN); i++) {
        text_printf(&text, "%s%s", text.size ? " " : "",
                    sentences->text[(writer->next + i) % sentences->count]);
    }
    writer->next += count;
    if (text.size > 0) {
        stored_text_clean(text.data); /* as it will be stored */
        text.size = strlen(text.data);
    }
    if (utf8_length(text.data) < BODY_MIN) {
        text_printf(&text, "%sThese pictures show %s as it is: they are made from its own photo.",
                    text.size ? " " : "", writer->name);
    }
    out =
        words_cut(arena_text(writer->request->arena, text.data), BODY_MAX, writer->request->arena);
    text_end(&text);
    return out;
}

static cJSON *add_module(struct aplus_writer *writer, const char *type, const char *title,
                         int sentences)
{
    cJSON *module = cJSON_CreateObject();

    cJSON_AddStringToObject(module, "type", type);
    cJSON_AddStringToObject(module, "headline", title);
    cJSON_AddStringToObject(module, "bodyText", body(writer, sentences));
    cJSON_AddNullToObject(module, "bullets");
    cJSON_AddNullToObject(module, "sidebar");
    cJSON_AddNullToObject(module, "specifications");
    cJSON_AddArrayToObject(module, "imageDescriptions");
    cJSON_AddItemToArray(writer->modules, module);
    return module;
}

static void add_image_descriptions(const struct aplus_writer *writer, cJSON *module, int first,
                                   int count)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(module, "imageDescriptions");

    for (int i = 0; i < count; i++) {
        const char *title = feature_title(writer, first + i);

        cJSON_AddItemToArray(list, cJSON_CreateString(
                                       arena_printf(writer->request->arena, "%s%s%s", writer->name,
                                                    title[0] ? ": " : ", seen from near", title)));
    }
}

/* Adds the descriptions of features as bullets; at least one. */
static void set_bullets(struct aplus_writer *writer, cJSON *module, int first, int count)
{
    const struct brief *brief = writer->brief;
    cJSON *list = cJSON_CreateArray();

    for (int i = first; i < brief->feature_count && i < first + count; i++) {
        const char *bullet = brief->features[i].description[0] ? brief->features[i].description
                                                               : brief->features[i].title;

        if (!wording_forbidden(bullet, true)) {
            cJSON_AddItemToArray(list, cJSON_CreateString(
                                           words_cut(bullet, BULLET_MAX, writer->request->arena)));
        }
    }
    if (cJSON_GetArraySize(list) == 0) {
        cJSON_AddItemToArray(list, cJSON_CreateString(writer->name));
    }
    cJSON_ReplaceItemInObjectCaseSensitive(module, "bullets", list);
}

static void set_sidebar(struct aplus_writer *writer, cJSON *module)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < writer->brief->feature_count && i < 5; i++) {
        const char *title = words_cut(feature_title(writer, i), 80, writer->request->arena);

        if (!wording_forbidden(title, true)) {
            cJSON_AddItemToArray(list, cJSON_CreateString(title));
        }
    }
    if (cJSON_GetArraySize(list) == 0) {
        cJSON_AddItemToArray(list, cJSON_CreateString(writer->name));
    }
    cJSON_ReplaceItemInObjectCaseSensitive(module, "sidebar", list);
}

static void add_row(const struct aplus_writer *writer, cJSON *list, const char *name,
                    const char *value)
{
    cJSON *row;

    if (value[0] == '\0' || wording_forbidden(value, true)) {
        return;
    }
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "name", name);
    cJSON_AddStringToObject(row, "value", words_cut(value, BULLET_MAX, writer->request->arena));
    cJSON_AddItemToArray(list, row);
}

static void set_specifications(struct aplus_writer *writer, cJSON *module)
{
    const struct brief *brief = writer->brief;
    cJSON *list = cJSON_CreateArray();

    add_row(writer, list, "Product", writer->name);
    add_row(writer, list, "Category", brief->category);
    add_row(writer, list, "Brand", brief->brand.name ? brief->brand.name : "");
    for (int i = 0; i < brief->dimension_count; i++) {
        const struct dimension *dimension = &brief->dimensions[i];
        const char *label = dimension->name;
        char name[40] = "Measure";

        if (label[0] >= 'a' && label[0] <= 'z') {
            strncpy(name, label, sizeof name - 1);
            name[0] = (char)(label[0] - 'a' + 'A');
        }
        if (!dimension_continues(brief->dimensions, i)) {
            add_row(writer, list, name, dimension_print(dimension));
        }
    }
    cJSON_ReplaceItemInObjectCaseSensitive(module, "specifications", list);
}

static void write_standard(struct aplus_writer *writer)
{
    cJSON *at;

    at = add_module(writer, "standard-single-image-sidebar",
                    headline(writer, writer->name, "About this product"), 2);
    set_sidebar(writer, at);
    add_image_descriptions(writer, at, 0, 1);
    at = add_module(writer, "standard-single-image-highlights",
                    headline(writer, feature_title(writer, 0), "What it can do"), 1);
    set_bullets(writer, at, 0, 4);
    add_image_descriptions(writer, at, 1, 1);
    at = add_module(writer, "standard-four-images-text",
                    headline(writer, feature_title(writer, 1), "Seen from all sides"), 2);
    add_image_descriptions(writer, at, 0, 4);
    at = add_module(writer, "standard-single-image-specs", "Facts and figures", 1);
    set_specifications(writer, at);
    add_image_descriptions(writer, at, 2, 1);
    at = add_module(writer, "standard-single-image-bullets",
                    headline(writer, feature_title(writer, 2), "Good to know"), 1);
    set_bullets(writer, at, 3, 4);
    add_image_descriptions(writer, at, 3, 1);
}

static void write_premium(struct aplus_writer *writer)
{
    cJSON *at;

    at = add_module(writer, "premium-video", headline(writer, writer->name, "About this product"),
                    2);
    add_image_descriptions(writer, at, 0, 1);
    at = add_module(writer, "premium-interactive-hotspot",
                    headline(writer, feature_title(writer, 0), "What it can do"), 2);
    set_bullets(writer, at, 0, 4);
    add_image_descriptions(writer, at, 1, 1);
    at = add_module(writer, "premium-image-carousel",
                    headline(writer, feature_title(writer, 1), "Seen from all sides"), 2);
    add_image_descriptions(writer, at, 0, 4);
    at = add_module(writer, "premium-interactive-hotspot",
                    headline(writer, feature_title(writer, 2), "Good to know"), 1);
    set_bullets(writer, at, 3, 4);
    add_image_descriptions(writer, at, 3, 1);
}

bool words_aplus(const struct model_request *request, bool premium, const char **json,
                 struct error *err)
{
    struct aplus_writer writer = { .request = request, .brief = request->brief };
    cJSON *top = cJSON_CreateObject();

    writer.sentences = sentences_of(request->brief, 400, request->arena);
    writer.name = wording_forbidden(request->brief->product_name, true)
                      ? "the product"
                      : words_cut(request->brief->product_name, 90, request->arena);
    writer.modules = cJSON_AddArrayToObject(top, "modules");
    if (premium) {
        write_premium(&writer);
    } else {
        write_standard(&writer);
    }
    *json = json_print(top, request->arena);
    cJSON_Delete(top);
    return *json || error_set(err, ERROR_INTERNAL, "no memory for the A+ content");
}
