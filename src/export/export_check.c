/* export_check.c - the rules: name, format, size, shape, colours, background.
 *
 * Checks that need the photo or the model's answer were made by the worker; here only the file is
 * known. The background is what lies outside of the product's box, so that the light edges of a
 * product are not taken for it. */
#include "export/export_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/export_name.h"
#include "image/measure.h"

static const double ratio_tolerance = 0.01;

/* The border of a main image that must be white, of the shorter side. */
static const double border_share = 0.01;

/* A pixel this far from white belongs to the product, or lies beside its edge, where JPEG changes
 * white pixels. */
enum { PRODUCT_FROM_WHITE = 3, BORDER_LEAST = 4 };

struct check_state {
    const struct export_pack *pack;
    struct export_file *file;
    const struct image *image;
    const struct image_facts *facts;
    size_t bytes;
    const struct image_rules *rules; /* of a listing image */
};

static struct export_finding *add(struct check_state *state, const char *rule, double measured,
                                  bool passed)
{
    struct export_finding *finding = &state->file->findings[state->file->finding_count++];

    *finding = (struct export_finding){ .rule = rule, .measured = measured, .passed = passed };
    return finding;
}

const double *export_limits(const struct export_pack *pack, enum image_kind kind, const char *check)
{
    const struct image_rules *rules;
    struct error ignored;

    if (!rules_for(pack->rules, pack->market->name, kind, &rules, &ignored)) {
        return NULL;
    }
    for (int i = 0; i < rules->check_count; i++) {
        if (strcmp(rules->checks[i].check, check) == 0) {
            return rules->checks[i].limits;
        }
    }
    return NULL;
}

/* -- name and format --------------------------------------------------------------------------- */

static void check_name(struct check_state *state)
{
    const char *slash = strrchr(state->file->name, '/');
    const char *name = slash ? slash + 1 : state->file->name;
    int most = state->pack->market->max_name;
    struct export_finding *finding =
        add(state, "name", (double)strlen(name), export_name_is_safe(name, most));

    snprintf(finding->limit, sizeof finding->limit, "letters, digits and - _ . , at most %d", most);
    snprintf(finding->message, sizeof finding->message, "%zu characters", strlen(name));
}

static void check_format(struct check_state *state)
{
    const char *point = strrchr(state->file->name, '.');
    bool agrees = point && strcmp(point, ".jpg") == 0 && state->facts->format == FORMAT_JPEG;
    struct export_finding *finding = add(state, "format", agrees, agrees);

    snprintf(finding->limit, sizeof finding->limit, "JPEG, as the name says");
    snprintf(finding->message, sizeof finding->message, "%s named %s",
             format_extension(state->facts->format), point ? point : "without extension");
}

static void check_colours(struct check_state *state)
{
    bool rgb = state->facts->colours == COLOURS_SRGB && !state->facts->cmyk;
    struct export_finding *finding = add(state, "colours", rgb, rgb);

    snprintf(finding->limit, sizeof finding->limit, "RGB, sRGB");
    snprintf(finding->message, sizeof finding->message, "%s",
             state->facts->cmyk ? "CMYK"
             : rgb              ? "sRGB"
                                : "another colour profile");
}

static void check_opaque(struct check_state *state)
{
    size_t clear = measure_transparent(state->image);
    struct export_finding *finding = add(state, "transparency", (double)clear, clear == 0);

    snprintf(finding->limit, sizeof finding->limit, "0 pixels");
    snprintf(finding->message, sizeof finding->message, "%zu pixels are transparent", clear);
}

static void check_mark(struct check_state *state)
{
    bool marked = state->facts->ai_mark || state->facts->c2pa;
    struct export_finding *finding;

    if (state->file->ai_made) {
        finding = add(state, "ai_mark", marked, marked);
        snprintf(finding->limit, sizeof finding->limit, "IPTC digital source type");
        snprintf(finding->message, sizeof finding->message, "%s",
                 marked ? "says that a model made it" : "does not say that a model made it");
    }
}

/* -- size and shape ---------------------------------------------------------------------------- */

static void check_side(struct check_state *state, const char *rule, int side, double least,
                       double most)
{
    struct export_finding *finding =
        add(state, rule, side, side >= least && (most == 0 || side <= most));

    if (most > 0) {
        snprintf(finding->limit, sizeof finding->limit, "%.0f to %.0f pixels", least, most);
    } else {
        snprintf(finding->limit, sizeof finding->limit, "at least %.0f pixels", least);
    }
    snprintf(finding->message, sizeof finding->message, "%d pixels", side);
}

static void check_bytes(struct check_state *state, double most)
{
    struct export_finding *finding = add(state, "file_size", (double)state->bytes,
                                         state->bytes > 0 && (double)state->bytes <= most);

    snprintf(finding->limit, sizeof finding->limit, "at most %.1f MB", most / 1e6);
    snprintf(finding->message, sizeof finding->message, "%.2f MB", (double)state->bytes / 1e6);
}

static void check_ratio(struct check_state *state, double wanted)
{
    double ratio = (double)state->image->width / state->image->height;
    struct export_finding *finding =
        add(state, "ratio", ratio, fabs(ratio / wanted - 1) <= ratio_tolerance);

    snprintf(finding->limit, sizeof finding->limit, "%.3f, within 1 %%", wanted);
    snprintf(finding->message, sizeof finding->message, "%.3f", ratio);
}

static void check_pixels(struct check_state *state)
{
    double millions = (double)state->image->width * state->image->height / 1e6;
    int most = state->pack->market->max_megapixels;
    struct export_finding *finding = add(state, "megapixels", millions, millions <= most);

    snprintf(finding->limit, sizeof finding->limit, "at most %d", most);
    snprintf(finding->message, sizeof finding->message, "%.1f megapixels", millions);
}

static void check_blank(struct check_state *state, const double *limits)
{
    double contrast = measure_contrast(state->image);
    struct export_finding *finding;

    if (limits) {
        finding = add(state, "blank", contrast, contrast >= limits[0]);
        snprintf(finding->limit, sizeof finding->limit, "contrast of at least %.0f", limits[0]);
        snprintf(finding->message, sizeof finding->message, "contrast %.1f", contrast);
    }
}

/* -- background -------------------------------------------------------------------------------- */

struct white_border {
    struct pixel_box box; /* of the product */
    int off_white;        /* largest distance from 255 in the border and outside of the box */
};

static bool find_background(const struct image *image, struct white_border *out)
{
    int width = image->width, height = image->height;
    int border = (int)lround(border_share * (width < height ? width : height));
    uint8_t *map = malloc((size_t)width * (size_t)height);

    if (!map) {
        return false;
    }
    border = border < BORDER_LEAST ? BORDER_LEAST : border;
    *out = (struct white_border){ .box = { width, height, -1, -1 } };
    measure_from_white(image, 255, map);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            if (map[(size_t)y * (size_t)width + (size_t)x] >= PRODUCT_FROM_WHITE) {
                out->box.left = x < out->box.left ? x : out->box.left;
                out->box.right = x > out->box.right ? x : out->box.right;
                out->box.top = y < out->box.top ? y : out->box.top;
                out->box.bottom = y;
            }
        }
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            int value = map[(size_t)y * (size_t)width + (size_t)x];

            if ((x < border || y < border || x >= width - border || y >= height - border) &&
                value > out->off_white) {
                out->off_white = value;
            }
        }
    }
    free(map);
    return true;
}

static void check_background(struct check_state *state, const double *white, const double *fill)
{
    const struct image *image = state->image;
    struct white_border ground = { .box = { 0, 0, -1, -1 }, .off_white = 255 };
    struct export_finding *finding;
    double across, down, share;

    if (!find_background(image, &ground)) {
        ground.off_white = 255;
    }
    across = (double)(ground.box.right - ground.box.left + 1) / image->width;
    down = (double)(ground.box.bottom - ground.box.top + 1) / image->height;
    share = fmax(0, across > down ? across : down);
    finding = add(state, "white", ground.off_white, white && ground.off_white <= white[0]);
    snprintf(finding->limit, sizeof finding->limit, "border RGB 255, at most %.0f off",
             white ? white[0] : 0);
    snprintf(finding->message, sizeof finding->message, "off by up to %d", ground.off_white);
    finding = add(state, "fill", share, fill && share >= fill[0] && across < 1 && down < 1);
    snprintf(finding->limit, sizeof finding->limit, "%.0f %% of the frame, not cut",
             fill ? fill[0] * 100 : 0);
    snprintf(finding->message, sizeof finding->message, "%.1f %%", share * 100);
}

/* -- all --------------------------------------------------------------------------------------- */

static void check_listing_image(struct check_state *state)
{
    const struct export_pack *pack = state->pack;
    const struct image *image = state->image;
    enum image_kind kind = state->file->kind;
    const double *sides = export_limits(pack, kind, "dimensions");
    const double *bytes = export_limits(pack, kind, "file_size");
    bool wide = image->width > image->height;

    check_side(state, "longer_side", wide ? image->width : image->height, sides ? sides[0] : 1,
               sides ? sides[1] : 0);
    check_side(state, "shorter_side", wide ? image->height : image->width, pack->market->short_side,
               0);
    if (pack->market->square) {
        check_ratio(state, 1);
    }
    check_pixels(state);
    check_bytes(state, bytes ? bytes[0] : 10e6);
    check_blank(state, export_limits(pack, kind, "blank"));
    if (state->rules->on_white) {
        check_background(state, export_limits(pack, kind, "white"),
                         export_limits(pack, kind, "fill"));
    }
}

static void check_module_image(struct check_state *state)
{
    const struct size *slot = &state->file->slot;

    check_side(state, "width", state->image->width, slot->width, 0);
    check_side(state, "height", state->image->height, slot->height, 0);
    check_ratio(state, (double)slot->width / slot->height);
    check_bytes(state, export_rules_aplus(state->pack->export_rules)->max_bytes);
}

static bool judge(struct export_file *file)
{
    for (int i = 0; i < file->finding_count; i++) {
        const struct export_finding *finding = &file->findings[i];

        if (!finding->passed) {
            snprintf(file->problem, sizeof file->problem, "rule %s: %.100s; required: %s",
                     finding->rule, finding->message, finding->limit);
            return false;
        }
    }
    return true;
}

bool export_check(const struct export_pack *pack, const struct blob *content,
                  struct export_file *file)
{
    struct image_bounds bounds = { 0 };
    struct image image = { 0 };
    struct image_facts facts;
    struct check_state state = { .pack = pack, .file = file, .image = &image, .facts = &facts };
    struct error err;

    file->finding_count = 0;
    file->bytes = state.bytes = content->size;
    digest_hex(content->data, content->size, file->sha256);
    if (!image_decode(content, &bounds, &image, &facts, &err) ||
        !rules_for(pack->rules, pack->market->name, file->kind, &state.rules, &err)) {
        snprintf(file->problem, sizeof file->problem, "%.190s", err.text);
        image_free(&image);
        return false;
    }
    file->size = (struct size){ image.width, image.height };
    check_name(&state);
    check_format(&state);
    if (file->module > 0) {
        check_module_image(&state);
    } else {
        check_listing_image(&state);
    }
    check_colours(&state);
    check_opaque(&state);
    check_mark(&state);
    image_free(&image);
    return judge(file);
}
