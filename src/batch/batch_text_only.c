/* batch_text_only.c - what `regenerate --text-only` renders again, and how. */
#include "batch/batch_text_only.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "compose/layout.h"
#include "image/image.h"
#include "io/file.h"

/* The logo is stored with the batch, and each job loads it. */
enum {
    EDGE_MIN = 300,
    EDGE_MAX = 4096,
    LAYOUT_BYTES = 60,
    SUBTAGS = 3,
    LOGO_BYTES = 512 * 1024,
    READ_BYTES = 50 << 20
};

/* -- flags ------------------------------------------------------------------------------------- */

static bool check_exclusive(const struct settings *settings, struct error *err)
{
    static const char *const excluded[] = { "model", "prompt-file", "batch-api" };

    for (size_t i = 0; i < sizeof excluded / sizeof *excluded; i++) {
        bool given = i == 2 ? setting_flag(settings, excluded[i])
                            : setting_text(settings, excluded[i]) != NULL;

        if (given) {
            return error_set(err, ERROR_INPUT,
                             "--%s cannot be combined with --text-only, which calls no image model",
                             excluded[i]);
        }
    }
    if (setting_int(settings, "variants") > 1) {
        return error_set(err, ERROR_INPUT,
                         "--variants cannot be combined with --text-only: all would be the same");
    }
    if (strcmp(setting_text(settings, "charge"), "users") == 0) {
        return error_set(err, ERROR_INPUT,
                         "--charge users cannot be combined with --text-only: the image was "
                         "charged when it was made");
    }
    return true;
}

static bool check_alone(const struct settings *settings, struct error *err)
{
    static const char *const names[] = { "language", "layout", "size", "brand-kit", "logo" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setting_text(settings, names[i])) {
            error_set(err, ERROR_INPUT, "--%s needs --text-only", names[i]);
            return error_hint(err, "Without it, a model makes new images.");
        }
    }
    return true;
}

/* Returns whether the text is a BCP 47 code: a language of 2 or 3 letters, then subtags of 2 to 8
 * letters and digits. */
static bool is_language(const char *code)
{
    size_t size = strspn(code, "abcdefghijklmnopqrstuvwxyz");
    int subtags = 0;

    if (size < 2 || size > 3) {
        return false;
    }
    for (code += size; *code == '-' && subtags < SUBTAGS; subtags++) {
        code++;
        for (size = 0; isalnum((unsigned char)code[size]);) {
            size++;
        }
        if (size < 2 || size > 8) {
            return false;
        }
        code += size;
    }
    return *code == '\0';
}

static bool read_size(const char *text, struct size *out, struct error *err)
{
    int used = 0;

    if (sscanf(text, "%5dx%5d%n", &out->width, &out->height, &used) == 2 && text[used] == '\0' &&
        out->width >= EDGE_MIN && out->width <= EDGE_MAX && out->height >= EDGE_MIN &&
        out->height <= EDGE_MAX) {
        return true;
    }
    error_set(err, ERROR_INPUT, "Invalid --size '%.40s'.", text);
    return error_hint(err, "Give pixels, such as 2000x2000: each from %d to %d.", EDGE_MIN,
                      EDGE_MAX);
}

/* Reads the file of --logo; a worker decodes it. */
static bool read_logo(struct regenerate *regenerate, struct error *err)
{
    struct text_only_options *options = &regenerate->text_only;
    const char *path = options->logo_file;
    const struct image_bounds bounds = { .from_seller = true };
    struct image_facts facts;
    struct blob file = { 0 }, letters = { 0 };
    struct error why;
    bool good = file_read(path, READ_BYTES, &file, NULL, err);

    if (good && !image_inspect(&file, &bounds, &facts, &why)) {
        good = error_set(err, ERROR_INPUT, "'%.200s' cannot be used as a logo: %s", path, why.text);
        error_hint(err, "Give a PNG, JPEG or WebP file. Export vector graphics as PNG.");
    } else if (good && file.size > LOGO_BYTES) {
        good = error_set(err, ERROR_INPUT, "'%.200s' has more than %d kB", path, LOGO_BYTES / 1024);
        error_hint(err, "Reduce it: 1200 pixels are enough for a logo. Or use a brand kit.");
    }
    good = good && base64_encode(file.data, file.size, &letters, err);
    if (good) {
        options->logo = arena_bytes(regenerate->arena, letters.data, letters.size);
    }
    blob_free(&file);
    blob_free(&letters);
    return good;
}

bool batch_text_only_read(struct regenerate *regenerate, struct error *err)
{
    const struct settings *settings = regenerate->settings;
    struct text_only_options *options = &regenerate->text_only;
    const char *size = setting_text(settings, "size");

    *options = (struct text_only_options){ .wanted = setting_flag(settings, "text-only"),
                                           .language = setting_text(settings, "language"),
                                           .layout = setting_text(settings, "layout"),
                                           .brand_kit = setting_text(settings, "brand-kit"),
                                           .logo_file = setting_text(settings, "logo") };
    if (!options->wanted) {
        return check_alone(settings, err);
    }
    if (options->language && !is_language(options->language)) {
        error_set(err, ERROR_INPUT, "Invalid --language '%.40s'.", options->language);
        return error_hint(err, "Give a code such as de, fr, ar, pt-BR or zh-Hans.");
    }
    if (options->layout && strlen(options->layout) > LAYOUT_BYTES) {
        return error_set(err, ERROR_INPUT, "No layout has the name '%.60s'.", options->layout);
    }
    return (!size || read_size(size, &options->size, err)) && check_exclusive(settings, err) &&
           (!options->logo_file || read_logo(regenerate, err));
}

/* -- the selection ----------------------------------------------------------------------------- */

/* Lists the layouts of an image type for a kind of plate: "editorial, card". */
static const char *fitting_layouts(enum image_kind kind, enum plate_kind plate, struct arena *arena)
{
    const struct image_layout *layout;
    const char *names = "";

    for (int i = 0; (layout = layout_at(layouts_builtin(), kind, i)); i++) {
        if (layout->plate == plate) {
            names = arena_printf(arena, "%s%s%s", names, names[0] ? ", " : "", layout->name);
        }
    }
    return names;
}

/* Checks --layout for the images of one type and kind of plate. */
static bool check_layout(const struct regenerate *regenerate, const cJSON *row, struct error *err)
{
    const char *name = regenerate->text_only.layout, *type = json_peek_text(row, "type");
    const char *stored = json_peek_text(row, "plate");
    enum image_kind kind = kind_find(type ? type : "");
    enum plate_kind plate = stored && strcmp(stored, "cut-out") == 0 ? PLATE_CUT_OUT : PLATE_SCENE;
    const struct image_layout *layout =
        kind == IMAGE_KINDS ? NULL : layout_named(layouts_builtin(), kind, name);
    const char *fitting;

    if (kind == IMAGE_KINDS || (layout && layout->plate == plate)) {
        return true;
    }
    fitting = fitting_layouts(kind, plate, regenerate->arena);
    if (!layout) {
        error_set(err, ERROR_INPUT, "No layout of %s has the name '%.60s'.", kind_name(kind), name);
    } else {
        error_set(err, ERROR_INPUT, "Layout '%.60s' of %s needs %s; %lld selected images have %s.",
                  name, kind_name(kind),
                  plate == PLATE_SCENE ? "the product alone" : "the product in a scene",
                  (long long)json_peek_int(row, "count", 0),
                  plate == PLATE_SCENE ? "it in a scene" : "it alone");
    }
    return error_hint(err, "These fit: %s. Or select other images.", fitting);
}

static bool check_brand_kit(const struct regenerate *regenerate, const cJSON *answer,
                            struct error *err)
{
    const char *id = regenerate->text_only.brand_kit;
    int64_t others = json_peek_int(answer, "otherUsers", 0);

    if (!id) {
        return true;
    }
    if (!json_peek_text(answer, "kitUser")) {
        return error_set(err, ERROR_INPUT, "No brand kit has the id '%.60s'.", id);
    }
    if (others > 0) {
        error_set(err, ERROR_INPUT,
                  "Brand kit '%.60s' belongs to one user; %lld selected images are of others.", id,
                  (long long)others);
        return error_hint(err, "Add --user %.60s.", json_peek_text(answer, "kitUser"));
    }
    return true;
}

static bool check_plates(struct regenerate *regenerate, const cJSON *answer, struct error *err)
{
    struct text_only_options *options = &regenerate->text_only;
    int64_t count = json_peek_int(answer, "count", 0), with = json_peek_int(answer, "withPlate", 0);
    const cJSON *row;

    options->without_plate = count - with;
    options->first_without = arena_text(regenerate->arena, json_peek_text(answer, "without"));
    if (count > 0 && with == 0) {
        error_set(err, ERROR_INPUT,
                  "None of the %lld selected images has a stored plate, for example '%.60s'.",
                  (long long)count, options->first_without ? options->first_without : "");
        return error_hint(err, "Their text was painted by a model, or they are of an earlier "
                               "version. Regenerate them once without --text-only.");
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(answer, "plates"))
    {
        if (options->layout && !check_layout(regenerate, row, err)) {
            return false;
        }
    }
    return check_brand_kit(regenerate, answer, err);
}

bool batch_text_only_select(struct regenerate *regenerate, struct error *err)
{
    const char *params[4];
    cJSON *answer = NULL;
    bool good;

    if (!regenerate->text_only.wanted) {
        return true;
    }
    params[0] = where_path(regenerate->where);
    params[1] = where_variables(regenerate->where);
    params[2] = regenerate->ids;
    params[3] = regenerate->text_only.brand_kit;
    if (!database_query(regenerate->session, "text_only", 4, params, &answer, err)) {
        return false;
    }
    good = check_plates(regenerate, answer, err) &&
           where_add_one_of(regenerate->where, "plate", "scene\ncut-out", err);
    cJSON_Delete(answer);
    return good;
}

/* -- output ------------------------------------------------------------------------------------ */

cJSON *batch_text_only_json(const struct regenerate *regenerate)
{
    const struct text_only_options *options = &regenerate->text_only;
    cJSON *out;

    if (!options->wanted) {
        return NULL;
    }
    out = cJSON_CreateObject();
    if (options->language) {
        cJSON_AddStringToObject(out, "language", options->language);
    }
    if (options->layout) {
        cJSON_AddStringToObject(out, "layout", options->layout);
    }
    if (options->brand_kit) {
        cJSON_AddStringToObject(out, "brandKit", options->brand_kit);
    }
    if (options->logo_file) {
        cJSON_AddStringToObject(out, "logoFile", options->logo_file);
    }
    if (options->size.width > 0) {
        cJSON_AddNumberToObject(out, "width", options->size.width);
        cJSON_AddNumberToObject(out, "height", options->size.height);
    }
    return out;
}

cJSON *batch_text_only_options(const struct regenerate *regenerate)
{
    cJSON *out = batch_text_only_json(regenerate);

    if (out && regenerate->text_only.logo) {
        cJSON_AddStringToObject(out, "logo", regenerate->text_only.logo);
    }
    return out;
}

const char *batch_text_only_note(const struct regenerate *regenerate)
{
    const struct text_only_options *options = &regenerate->text_only;

    if (options->without_plate == 0) {
        return NULL;
    }
    return arena_printf(regenerate->arena,
                        "%lld selected image%s no stored plate and %s left out, for example %.60s. "
                        "Regenerate %s once without --text-only.",
                        (long long)options->without_plate,
                        options->without_plate == 1 ? " has" : "s have",
                        options->without_plate == 1 ? "is" : "are",
                        options->first_without ? options->first_without : "",
                        options->without_plate == 1 ? "it" : "them");
}
