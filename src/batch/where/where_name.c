/* where_name.c - the names of the --where language: fields of an image, and other words for them.
 */
#include <ctype.h>
#include <string.h>

#include "base/edit_distance.h"
#include "batch/where/where_internal.h"
#include "model/kind.h"

static const char *kind_choice(int index)
{
    return index < IMAGE_KINDS ? kind_name((enum image_kind)index) : NULL;
}

static const char *status_choice(int index)
{
    static const char *const words[] = { "DRAFT", "PROCESSING", "COMPLETED", "FAILED" };

    return index < 4 ? words[index] : NULL;
}

static const char *state_choice(int index)
{
    static const char *const words[] = { "stored", "failed" };

    return index < 2 ? words[index] : NULL;
}

/* Keys are those of darkroom.image_facts, and of darkroom.more_facts where `more` is set. */
static const struct where_name names[] = {
    { .name = "id", .type = NAME_TEXT },
    { .name = "project", .type = NAME_TEXT },
    { .name = "user", .type = NAME_TEXT },
    { .name = "email", .type = NAME_TEXT, .more = true },
    { .name = "type", .type = NAME_CHOICE, .choice = kind_choice },
    { .name = "style", .type = NAME_TEXT },
    { .name = "model", .type = NAME_TEXT },
    { .name = "provider", .type = NAME_TEXT },
    { .name = "prompt", .type = NAME_TEXT, .more = true },
    { .name = "template", .type = NAME_TEXT },
    { .name = "quality", .type = NAME_TEXT },
    { .name = "created", .type = NAME_DATE },
    { .name = "age", .key = "created", .type = NAME_AGE },
    { .name = "width", .type = NAME_NUMBER, .unit = UNIT_PIXELS },
    { .name = "height", .type = NAME_NUMBER, .unit = UNIT_PIXELS },
    { .name = "size", .key = "bytes", .type = NAME_SIZE, .unit = UNIT_BYTES },
    { .name = "bytes", .type = NAME_NUMBER, .unit = UNIT_BYTES },
    { .name = "cost", .type = NAME_NUMBER, .unit = UNIT_USD },
    { .name = "likeness", .type = NAME_NUMBER, .unit = UNIT_SHARE, .more = true },
    { .name = "failed", .type = NAME_LIST },
    { .name = "passed", .type = NAME_LIST, .more = true },
    { .name = "checks", .type = NAME_NUMBER },
    { .name = "status", .type = NAME_CHOICE, .choice = status_choice },
    { .name = "state", .type = NAME_CHOICE, .choice = state_choice },
    { .name = "error", .type = NAME_TEXT, .more = true },
    { .name = "product", .type = NAME_TEXT },
    { .name = "category", .type = NAME_TEXT },
    { .name = "marketplace", .type = NAME_TEXT },
    { .name = "brand", .type = NAME_TEXT },
    { .name = "plate", .type = NAME_TEXT },
    { .name = "language", .type = NAME_TEXT },
    { .name = "reviewer", .type = NAME_TEXT, .more = true },
    { .name = "reasons", .type = NAME_LIST, .more = true, .free = true },

    { .name = "reason",
      .key = "reasons",
      .type = NAME_LIST,
      .more = true,
      .free = true,
      .alias = true },
    { .name = "reviewed by", .key = "reviewer", .type = NAME_TEXT, .more = true, .alias = true },
    { .name = "user email", .key = "email", .type = NAME_TEXT, .more = true, .alias = true },
    { .name = "e-mail", .key = "email", .type = NAME_TEXT, .more = true, .alias = true },
    { .name = "seller", .key = "user", .type = NAME_TEXT, .alias = true },
    { .name = "product name", .key = "product", .type = NAME_TEXT, .alias = true },
    { .name = "image type",
      .key = "type",
      .type = NAME_CHOICE,
      .choice = kind_choice,
      .alias = true },
    { .name = "made by", .key = "model", .type = NAME_TEXT, .alias = true },
    { .name = "created at", .key = "created", .type = NAME_DATE, .alias = true },
    { .name = "made", .key = "created", .type = NAME_DATE, .alias = true },
    { .name = "date", .key = "created", .type = NAME_DATE, .alias = true },
    { .name = "file size", .key = "bytes", .type = NAME_NUMBER, .unit = UNIT_BYTES, .alias = true },
    { .name = "dimensions", .key = "bytes", .type = NAME_SIZE, .unit = UNIT_BYTES, .alias = true },
    { .name = "price", .key = "cost", .type = NAME_NUMBER, .unit = UNIT_USD, .alias = true },
    { .name = "costs", .key = "cost", .type = NAME_NUMBER, .unit = UNIT_USD, .alias = true },
    { .name = "similarity",
      .key = "likeness",
      .type = NAME_NUMBER,
      .unit = UNIT_SHARE,
      .more = true,
      .alias = true },
    { .name = "failed check", .key = "failed", .type = NAME_LIST, .alias = true },
    { .name = "failed checks", .key = "failed", .type = NAME_LIST, .alias = true },
    { .name = "passed check", .key = "passed", .type = NAME_LIST, .more = true, .alias = true },
    { .name = "passed checks", .key = "passed", .type = NAME_LIST, .more = true, .alias = true },
    { .name = "error message", .key = "error", .type = NAME_TEXT, .more = true, .alias = true },
    { .name = "brand kit", .key = "brand", .type = NAME_TEXT, .alias = true },
};

enum { NAMES = sizeof names / sizeof *names };

const struct where_name *where_name_find(const char *name, const char **near)
{
    char lower[WHERE_VALUE_BYTES];
    struct closest_match closest_match = { .to = lower };
    size_t size = 0;

    for (; name[size] && size + 1 < sizeof lower; size++) {
        lower[size] = (char)tolower((unsigned char)name[size]);
    }
    lower[size] = '\0';
    for (int i = 0; i < NAMES; i++) {
        if (strcmp(names[i].name, lower) == 0) {
            return &names[i];
        }
        closest_match_try(&closest_match, names[i].name);
    }
    *near = closest_match.word;
    return NULL;
}

const struct where_name *where_name_read(struct token_reader *reader)
{
    const struct where_name *found = NULL;

    for (int i = 0; i < NAMES; i++) {
        struct token_reader ahead = *reader;

        if (token_skip_phrase(&ahead, names[i].name) &&
            (!found || strlen(names[i].name) > strlen(found->name))) {
            found = &names[i];
        }
    }
    if (found) {
        (void)token_skip_phrase(reader, found->name);
    }
    return found;
}

const char *where_name_key(const struct where_name *name)
{
    return name->key ? name->key : name->name;
}

const char *where_names(struct arena *arena)
{
    char *all = arena_text(arena, names[0].name);

    for (int i = 1; i < NAMES && !names[i].alias; i++) {
        all = arena_printf(arena, "%s, %s", all, names[i].name);
    }
    return all;
}
