/* prompt.c - loads prompt templates and fills them; prompt.h describes the language. */
#include "model/prompt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/embed.h"
#include "base/memory.h"
#include "base/text.h"

enum { TEMPLATES = 11, TEMPLATE_MAX_BYTES = 64 * 1024, PROMPT_MAX_BYTES = 128 * 1024, DEPTH = 4 };

static const char *const names[TEMPLATES] = {
    "main_image",        "infographic",   "feature_highlight", "lifestyle", "comparison_chart",
    "dimension_diagram", "a_plus_module", "features",          "aplus",     "aplus_premium",
    "translation",
};

struct prompts {
    char *texts[TEMPLATES];
    char versions[TEMPLATES][13];
};

struct filling { /* values for a template, and the current list entry */
    const struct brief *brief;
    const char *again;
    int feature, dimension; /* index in the list; -1 outside it */
    bool validating;        /* expands every section once, whether it is kept or not */
};

static bool name_is(const char *name, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(name, word, size) == 0;
}

/* Returns the value of a name; NULL for an unknown name. */
static const char *value_of(const struct filling *f, const char *name, size_t size)
{
    const struct brief *b = f->brief;
    const struct feature *feature = f->feature >= 0 ? &b->features[f->feature] : NULL;
    const struct dimension *dimension = f->dimension >= 0 ? &b->dimensions[f->dimension] : NULL;
    const struct {
        const char *name, *value;
    } table[] = {
        { "product_name", b->product_name },
        { "project_name", b->project_name },
        { "description", b->description },
        { "category", b->category },
        { "style", b->style },
        { "brand_name", b->brand.name },
        { "brand_primary", b->brand.primary },
        { "brand_secondary", b->brand.secondary },
        { "brand_accent", b->brand.accent },
        { "brand_font", b->brand.font_family },
        { "module_type", b->module_request.module_type },
        { "module_description", b->module_request.description },
        { "module_headline", b->module_request.headline },
        { "again", f->again },
        { "plate", b->plate.scene ? "yes" : "" },
        { "plate_scene", b->plate.cut_out ? "" : b->plate.scene },
        { "plate_subject", b->plate.subject },
        { "scene", b->subject.scene },
        { "comparison", b->subject.comparison },
        { "language", b->text_only.language },
        { "texts", b->text_only.texts },
        { "feature_title", feature ? feature->title : "" },
        { "feature_description", feature ? feature->description : "" },
        { "feature_icon", feature ? feature->icon : "" },
        { "dimension_label", dimension ? dimension->name : "" },
        { "dimension_text", dimension ? dimension_print(dimension) : "" },
        { "features", b->feature_count > 0 ? "yes" : "" },
        { "dimensions", b->dimension_count > 0 ? "yes" : "" },
        { "other_photos", b->other_photos > 0 ? "yes" : "" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (name_is(name, size, table[i].name)) {
            return table[i].value ? table[i].value : "";
        }
    }
    return NULL;
}

struct template
{ /* name and text, for error messages */
    const char *name, *start;
};

static bool fail_at(const struct template *t, const char *at, const char *what, struct error *err)
{
    int line = 1;

    for (const char *c = t->start; c < at; c++) {
        line += *c == '\n';
    }
    return error_set(err, ERROR_CONFIG, "prompt '%s', line %d: %s", t->name, line, what);
}

/* Returns the closing tag of the section `name` whose contents start at `at`. */
static const char *section_end(const char *at, const char *end, const char *name, size_t size)
{
    int depth = 0;

    for (; at + 4 < end; at++) {
        if (memcmp(at, "{{{{", 4) == 0) { /* a literal "{{" */
            at += 3;
            continue;
        }
        if (at[0] != '{' || at[1] != '{' || !strchr("#^/", at[2]) ||
            (size_t)(end - at) < size + 5 || memcmp(at + 3, name, size) != 0 ||
            at[3 + size] != '}' || at[4 + size] != '}') {
            continue;
        }
        if (at[2] != '/') {
            depth++;
        } else if (depth-- == 0) {
            return at;
        }
    }
    return NULL;
}

static bool fill(const struct template *t, const char *at, const char *end, struct filling *f,
                 int depth, struct text *out, struct error *err);

static bool fill_section(const struct template *t, const char *from, const char *to, char mark,
                         struct filling *f, const char *name, size_t size, int depth,
                         struct text *out, struct error *err)
{
    const char *value = value_of(f, name, size);
    bool kept = (value[0] != '\0') == (mark == '#');
    struct filling inner = *f;

    if (f->validating) {
        return fill(t, from, to, &inner, depth, out, err);
    }
    if (kept && mark == '#' && name_is(name, size, "features") && f->feature < 0) {
        for (inner.feature = 0; inner.feature < f->brief->feature_count; inner.feature++) {
            if (!fill(t, from, to, &inner, depth, out, err)) {
                return false;
            }
        }
        return true;
    }
    if (kept && mark == '#' && name_is(name, size, "dimensions") && f->dimension < 0) {
        for (inner.dimension = 0; inner.dimension < f->brief->dimension_count; inner.dimension++) {
            if (!dimension_continues(f->brief->dimensions, inner.dimension) &&
                !fill(t, from, to, &inner, depth, out, err)) {
                return false;
            }
        }
        return true;
    }
    return !kept || fill(t, from, to, &inner, depth, out, err);
}

/* Adds the text before the next tag and returns that tag; NULL if there are no more tags. "{{{{" is
 * text, not a tag. */
static const char *fill_text(const char *at, const char *end, struct text *out)
{
    const char *open;

    while ((open = memmem(at, (size_t)(end - at), "{{", 2)) && end - open >= 4 &&
           memcmp(open, "{{{{", 4) == 0) {
        text_add_bytes(out, at, (size_t)(open - at) + 2);
        at = open + 4;
    }
    text_add_bytes(out, at, (size_t)((open ? open : end) - at));
    return open;
}

static bool fill(const struct template *t, const char *at, const char *end, struct filling *f,
                 int depth, struct text *out, struct error *err)
{
    if (depth > DEPTH) {
        return fail_at(t, at, "sections are nested too deep", err);
    }
    while (at < end) {
        const char *open = fill_text(at, end, out), *close, *name, *after;
        char mark;

        if (!open) {
            return true;
        }
        close = memmem(open, (size_t)(end - open), "}}", 2);
        mark = open[2];
        name = open + 2 + (mark == '#' || mark == '^' || mark == '/');
        if (!close || close < name) {
            return fail_at(t, open, "'{{' without '}}'", err);
        }
        if (mark == '/' || !value_of(f, name, (size_t)(close - name))) {
            return fail_at(t, open,
                           mark == '/' ? "a section is closed that was not opened" : "unknown name",
                           err);
        }
        if (mark != '#' && mark != '^') {
            text_add(out, value_of(f, name, (size_t)(close - name)));
            at = close + 2;
            continue;
        }
        after = section_end(close + 2, end, name, (size_t)(close - name));
        if (!after) {
            return fail_at(t, open, "a section is not closed", err);
        }
        if (!fill_section(t, close + 2, after, mark, f, name, (size_t)(close - name), depth + 1,
                          out, err)) {
            return false;
        }
        at = after + (close - name) + 5;
        at += at < end && *at == '\n' && open > t->start && open[-1] == '\n' ? 1 : 0;
    }
    return true;
}

static char *cannot_use(const char *path, const char *why, struct error *err)
{
    error_set(err, ERROR_CONFIG, "cannot use prompt '%.200s': %s", path, why);
    return NULL;
}

/* Returns NULL without setting an error if the folder has no such file; the built-in template is
 * then used. */
static char *read_user_file(const char *folder, const char *name, struct error *err)
{
    char path[2048], *text;
    const char *wrong = NULL;
    FILE *file;
    size_t size;

    if (!folder) {
        return NULL;
    }
    if (snprintf(path, sizeof path, "%s/%s.txt", folder, name) >= (int)sizeof path) {
        return cannot_use(name, "the folder's path is too long", err);
    }
    file = fopen(path, "r");
    if (!file) {
        return errno == ENOENT ? NULL : cannot_use(path, strerror(errno), err);
    }
    text = calloc(1, TEMPLATE_MAX_BYTES + 2);
    size = text ? fread(text, 1, TEMPLATE_MAX_BYTES + 1, file) : 0;
    if (!text || ferror(file)) {
        wrong = "it cannot be read";
    } else if (size > TEMPLATE_MAX_BYTES) {
        wrong = "it is longer than 64 KiB";
    } else if (strlen(text) != size || utf8_length(text) == SIZE_MAX) {
        wrong = "it is not UTF-8 text";
    }
    fclose(file);
    if (wrong) {
        free(text);
        return cannot_use(path, wrong, err);
    }
    return text;
}

/* Fails if the folder does not exist. Without this check a misspelt folder would not be noticed,
 * because every file in it is optional. */
static bool folder_exists(const char *folder, struct error *err)
{
    struct stat facts;

    if (!folder || (stat(folder, &facts) == 0 && S_ISDIR(facts.st_mode))) {
        return true;
    }
    return error_set(err, ERROR_CONFIG, "the prompts folder '%.160s' does not exist", folder);
}

static void version_of(const char *text, char out[13])
{
    char digest[DIGEST_TEXT];

    digest_hex(text, strlen(text), digest);
    snprintf(out, 13, "%.12s", digest);
}

/* Expands every section once, so that a faulty template is reported at startup, not when a job
 * first needs the section. */
static bool validate(const char *name, const char *text, struct error *err)
{
    static const struct brief nothing;
    const struct template t = { name, text };
    struct filling filling = { &nothing, NULL, -1, -1, true };
    struct text out;
    bool good;

    if (text[strspn(text, " \t\r\n")] == '\0') {
        return error_set(err, ERROR_CONFIG, "prompt '%s' is empty", name);
    }
    text_begin(&out, PROMPT_MAX_BYTES);
    good = fill(&t, text, text + strlen(text), &filling, 0, &out, err);
    text_end(&out);
    return good;
}

bool prompts_load(const char *folder, struct prompts **out, struct error *err)
{
    struct prompts *prompts;

    *out = NULL;
    if (!folder_exists(folder, err)) {
        return false;
    }
    prompts = xcalloc(1, sizeof *prompts);
    err->kind = ERROR_NONE;
    for (int i = 0; i < TEMPLATES; i++) {
        char path[80];
        const struct embedded *file;

        snprintf(path, sizeof path, "assets/prompts/%s.txt", names[i]);
        file = embed_find(path);
        prompts->texts[i] = read_user_file(folder, names[i], err);
        if (!prompts->texts[i] && err->kind == ERROR_NONE && file) {
            prompts->texts[i] = xstrdup((const char *)file->data);
        }
        if (!prompts->texts[i] && err->kind == ERROR_NONE) {
            error_set(err, ERROR_INTERNAL, "there is no prompt '%s'", names[i]);
        }
        if (!prompts->texts[i] || !validate(names[i], prompts->texts[i], err)) {
            prompts_free(prompts);
            return false;
        }
        version_of(prompts->texts[i], prompts->versions[i]);
    }
    *out = prompts;
    return true;
}

void prompts_free(struct prompts *prompts)
{
    for (int i = 0; prompts && i < TEMPLATES; i++) {
        free(prompts->texts[i]);
    }
    free(prompts);
}

const char *prompt_name(enum image_kind kind)
{
    return (unsigned)kind < IMAGE_KINDS ? names[kind] : names[0];
}

bool prompt_check(const char *text, struct error *err)
{
    return validate("prompt", text, err);
}

static bool fill_whole(const struct template *t, struct filling *filling, int max_characters,
                       struct arena *arena, const char **out, struct error *err)
{
    struct text text;
    bool good;

    text_begin(&text, PROMPT_MAX_BYTES);
    good = fill(t, t->start, t->start + strlen(t->start), filling, 0, &text, err);
    if (max_characters <= 0 || max_characters > PROMPT_MAX_BYTES) {
        max_characters = PROMPT_MAX_BYTES;
    }
    if (good && (text.overflow || utf8_length(text.data) > (size_t)max_characters)) {
        good = error_set(err, ERROR_INPUT,
                         "the prompt is longer than the model accepts (%d characters)",
                         max_characters);
        error_hint(err, "Shorten the product's description.");
    }
    *out = good ? arena_text(arena, text.data) : NULL;
    text_end(&text);
    return good;
}

bool prompt_fill(const char *template_text, const struct brief *brief, const char *again,
                 int max_characters, struct arena *arena, struct prompt *out, struct error *err)
{
    const struct template t = { "of the batch", template_text };
    struct filling filling = { brief, again, -1, -1, false };
    char *version = arena_alloc(arena, 13);

    version_of(template_text, version);
    out->version = version;
    return fill_whole(&t, &filling, max_characters, arena, &out->text, err);
}

bool prompt_make(const struct prompts *prompts, const char *name, const struct brief *brief,
                 const char *again, int max_characters, struct arena *arena, struct prompt *out,
                 struct error *err)
{
    struct filling filling = { brief, again, -1, -1, false };
    struct template t = { name, NULL };
    int i;
    for (i = 0; i < TEMPLATES && strcmp(names[i], name) != 0; i++) {
    }
    if (i == TEMPLATES) {
        return error_set(err, ERROR_INTERNAL, "there is no prompt '%s'", name);
    }
    t.start = prompts->texts[i];
    out->version = prompts->versions[i];
    return fill_whole(&t, &filling, max_characters, arena, &out->text, err);
}
