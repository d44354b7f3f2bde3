/* words_features.c - writes features from the sentences of the project's description. */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "draw/icon.h"
#include "model/features.h"
#include "model/wording.h"
#include "providers/offline/scene.h"
#include "providers/offline/words.h"

enum { FEATURES_MIN = 5, FEATURES_MAX = 8, TITLE_MAX = 48, DESCRIPTION_MAX = 180 };

struct feature_list {
    cJSON *array;
    int count;
};

static bool is_stated(const struct feature_list *list, const char *title)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list->array)
    {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(item, "title");

        if (features_say_the_same(other->valuestring, title)) {
            return true;
        }
    }
    return false;
}

static void add_feature(struct feature_list *list, const char *title, const char *description)
{
    cJSON *item;

    if (list->count == FEATURES_MAX || title[0] == '\0' || wording_forbidden(title, true) ||
        wording_forbidden(description, true) || is_stated(list, title)) {
        return;
    }
    item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "title", title);
    cJSON_AddStringToObject(item, "description", description);
    cJSON_AddNumberToObject(item, "priority", 10 - list->count);
    cJSON_AddStringToObject(item, "icon", icon_name(icon_find("", title, description)));
    cJSON_AddItemToArray(list->array, item);
    list->count++;
}

/* True if the sentence only states a measure, "Height: 26 cm.", which the dimension diagram shows.
 */
static bool is_measure(const char *sentence, struct arena *arena)
{
    struct dimension found;

    return strlen(sentence) < 40 && dimensions_find(sentence, "", arena, &found, 1) > 0;
}

/* False for "30 x 11 x 12 cm.", which has no words for a title; fill_up states it. */
static bool names_part(const char *measure)
{
    return !isdigit((unsigned char)measure[0]);
}

/* Adds features until there are FEATURES_MIN, for descriptions with few sentences. These state the
 * category, the dimensions or the images, and make no claim about the product. */
static void fill_up(struct feature_list *list, const struct brief *brief, struct arena *arena)
{
    const char *name = words_cut(brief->product_name, 90, arena);
    const char *category = words_cut(brief->category, TITLE_MAX - 10, arena);

    if (category[0] && list->count < FEATURES_MIN) {
        add_feature(list, arena_printf(arena, "Made for %s", category),
                    arena_printf(arena, "%s belongs to %s.", name, category));
    }
    for (int i = 0; i < brief->dimension_count && list->count < FEATURES_MIN; i++) {
        const struct dimension *dimension = &brief->dimensions[i];

        if (dimension->part[0] || dimension_continues(brief->dimensions, i)) {
            continue; /* of a part, or printed with its series */
        }
        add_feature(list, arena_printf(arena, "Measures %s", dimension_print(dimension)),
                    arena_printf(arena, "%s%s%s.", dimension->name, dimension->name[0] ? ": " : "",
                                 dimension_print(dimension)));
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "At a Glance", arena_printf(arena, "%s on one page.", name));
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "Seen from Near", arena_printf(arena, "A closer look at %s.", name));
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "As It Is", "The pictures are made from the product's own photo.");
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "In Its Place", "Shown where it is used.");
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "The Whole Product", "Nothing in the picture but the product itself.");
    }
    if (list->count < FEATURES_MIN) { /* for products whose name is a forbidden word */
        add_feature(list, "From Every Side", "The product, from the side that matters.");
    }
    if (list->count < FEATURES_MIN) {
        add_feature(list, "Ready to Look At", "Pictures in the sizes that a listing needs.");
    }
}

/* Returns a title for the sentence that is not the product's name: of "A mug made of clay", "Clay".
 */
static const char *title_for(const char *sentence, const struct brief *brief, struct arena *arena)
{
    static const char *const joints[] = { " made of ", " made from ", " with ", " of ", " for " };
    const char *title = title_of(sentence, TITLE_MAX, arena);

    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        const char *rest = strstr(sentence, joints[i]);

        if (!features_say_the_same(title, brief->product_name)) {
            return title;
        }
        if (rest) {
            title = title_of(rest + strlen(joints[i]), TITLE_MAX, arena);
        }
    }
    return title;
}

bool words_features(const struct model_request *request, const char **json, struct error *err)
{
    struct sentences sentences = sentences_of(request->brief, DESCRIPTION_MAX, request->arena);
    cJSON *top = cJSON_CreateObject();
    struct feature_list list = { .array = cJSON_AddArrayToObject(top, "features") };

    for (int pass = 0; pass < 2; pass++) { /* measures only if there are few others */
        for (int i = 0; i < sentences.count && (pass == 0 || list.count < FEATURES_MIN); i++) {
            const char *sentence = sentences.text[i];

            if (is_measure(sentence, request->arena) ? pass == 1 && names_part(sentence)
                                                     : pass == 0) {
                add_feature(&list, title_for(sentence, request->brief, request->arena), sentence);
            }
        }
    }
    fill_up(&list, request->brief, request->arena);
    *json = json_print(top, request->arena);
    cJSON_Delete(top);
    return *json || error_set(err, ERROR_INTERNAL, "no memory for the features");
}
