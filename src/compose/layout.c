/* layout.c - chooses a layout and its form. layout_read.c reads the file. */
#include "compose/layout.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compose/layout_read.h"

const struct image_layout *layout_at(const struct layouts *layouts, enum image_kind kind, int at)
{
    for (int i = 0; i < layouts->count; i++) {
        if (layouts->list[i].kind == kind && at-- == 0) {
            return &layouts->list[i];
        }
    }
    return NULL;
}

/* Returns whether a word of the style is in the list. */
static bool style_matches(const char *styles, const char *style)
{
    for (const char *at = style; *at;) {
        size_t length = 0;

        while (isalpha((unsigned char)at[length])) {
            length++;
        }
        for (const char *word = styles; length > 0 && *word;) {
            size_t size = strcspn(word, " ");

            if (size == length && strncasecmp(word, at, size) == 0) {
                return true;
            }
            word += size + (word[size] == ' ');
        }
        at += length > 0 ? length : 1;
    }
    return false;
}

const struct layout_form *layout_form(const struct image_layout *layout, struct size size)
{
    static const double ratios[LAYOUT_FORMS] = { 1.75, 1, 0.57 }; /* height to width */
    double ratio = log((double)size.height / size.width), nearest = INFINITY;
    const struct layout_form *found = &layout->forms[0];

    for (int i = 0; i < LAYOUT_FORMS; i++) {
        double distance = fabs(ratio - log(ratios[i]));

        if (layout->forms[i].given && distance < nearest) {
            nearest = distance;
            found = &layout->forms[i];
        }
    }
    return found;
}

const struct image_layout *layout_named(const struct layouts *layouts, enum image_kind kind,
                                        const char *name)
{
    const struct image_layout *layout;

    for (int i = 0; (layout = layout_at(layouts, kind, i)); i++) {
        if (strcmp(layout->name, name) == 0) {
            return layout;
        }
    }
    return NULL;
}

const struct image_layout *layout_for_plate(enum image_kind kind, enum plate_kind plate,
                                            const char *name, const char *style)
{
    const struct layouts *layouts = layouts_builtin();
    const struct image_layout *layout = layout_named(layouts, kind, name);
    const struct image_layout *first = NULL;

    if (layout && layout->plate == plate) {
        return layout;
    }
    for (int i = 0; (layout = layout_at(layouts, kind, i)); i++) {
        if (layout->plate == plate && style_matches(layout->styles, style)) {
            return layout;
        }
        first = !first && layout->plate == plate ? layout : first;
    }
    return first;
}

static const struct image_layout *choose(const struct layouts *layouts, enum image_kind kind,
                                         const char *name, const char *style, int variant)
{
    const struct image_layout *layout;
    int count = 0;

    if (name && name[0] && (layout = layout_named(layouts, kind, name))) {
        return layout;
    }
    for (int i = 0; style && style[0] && (layout = layout_at(layouts, kind, i)); i++) {
        if (style_matches(layout->styles, style)) {
            return layout;
        }
    }
    for (int i = 0; layout_at(layouts, kind, i); i++) {
        count = i + 1;
    }
    return count > 0 ? layout_at(layouts, kind, abs(variant) % count) : NULL;
}

const struct image_layout *layout_for(const struct image_rules *rules, enum image_kind kind,
                                      const char *style, int variant)
{
    return rules->text == TEXT_COMPOSED
               ? choose(layouts_builtin(), kind, rules->layout, style, variant)
               : NULL;
}

const struct image_layout *layout_of_template(const struct image_rules *rules, enum image_kind kind,
                                              const char *template_id)
{
    const struct image_layout *layout;
    const char *hyphen = strrchr(template_id, '-');
    bool one_digit = hyphen && hyphen[1] >= '1' && hyphen[1] <= '9' && hyphen[2] == '\0';

    if (rules->text != TEXT_COMPOSED) {
        return NULL;
    }
    for (int i = 0; (layout = layout_at(layouts_builtin(), kind, i)); i++) {
        if (strcasecmp(layout->name, template_id) == 0) {
            return layout;
        }
    }
    return one_digit ? layout_at(layouts_builtin(), kind, hyphen[1] - '1') : NULL;
}

struct size layout_plate_size(const struct image_layout *layout, struct size size)
{
    const struct layout_form *form;
    const struct box *box;

    if (!layout) {
        return size;
    }
    form = layout_form(layout, size);
    box = layout->plate == PLATE_SCENE ? &form->picture : &form->product;
    return (struct size){ (int)fmax(1, lround(box->width * size.width)),
                          (int)fmax(1, lround(box->height * size.height)) };
}
