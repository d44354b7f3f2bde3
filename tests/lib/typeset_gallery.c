/* typeset_gallery.c - composes infographics and dimension diagrams of twelve products in four
 * languages and three layouts, and reads them again: what Tesseract reads must be what was typeset.
 *
 *   typeset_gallery [FOLDER]    writes the images there
 *
 * Prints a line for each fault, and a summary. Exits with 1 if there is a fault. Tesseract's model
 * of Arabic misreads a part of any type: a quarter of the Arabic texts may be misread. Languages
 * without Tesseract's data are composed and measured, but not read. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compose/composition.h"
#include "image/ocr/ocr.h"
#include "image/resize.h"
#include "lib/compose_products.h"
#include "lib/test_plates.h"

struct summary {
    int images, texts, read, faults;
    int arabic, arabic_misread;
    double smallest, contrast, cpu_ms, cpu_most_ms;
};

static const char *folder;

static void write_image(const struct image *image, const char *name)
{
    char path[400];
    struct blob file;
    struct error err;
    FILE *out;

    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    if (image_encode_png(image, false, &file, &err) && (out = fopen(path, "wb"))) {
        fwrite(file.data, 1, file.size, out);
        fclose(out);
        blob_free(&file);
    }
}

/* Adds the words with single blanks. A word that ends with a hyphen at the end of a line continues
 * on the next one. Marks of direction are left out. */
static void join_words(const struct ocr_text *text, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < text->count; i++) {
        const char *word = text->words[i].text;
        bool glued =
            used > 0 && out[used - 1] == '-' && text->words[i].line != text->words[i - 1].line;

        if (used > 0 && !glued && used + 1 < size) {
            out[used++] = ' ';
        }
        for (; *word && used + 1 < size; word++) {
            if (memcmp(word, "\xe2\x80\x8e", 3) == 0 || memcmp(word, "\xe2\x80\x8f", 3) == 0) {
                word += 2;
            } else {
                out[used++] = *word;
            }
        }
        out[used] = '\0';
    }
}

/* Reads the part of an image with type of `type` pixels, scaled to `wanted` pixels. */
static bool reads_at(const struct image *part, double type, double wanted, enum ocr_layout layout,
                     const struct composed_text *text, const char *language, char *got,
                     size_t got_size)
{
    struct image scaled = { 0 };
    struct ocr_text words = { 0 };
    struct error err;
    double scale = wanted / type;
    bool same = false;

    if (image_scale(part, (int)(part->width * scale), (int)(part->height * scale), &scaled, &err) &&
        ocr_read(&scaled, language, layout, &words, &err)) {
        join_words(&words, got, got_size);
        same = strcmp(got, text->text) == 0;
    } else {
        snprintf(got, got_size, "(%s)", err.text);
    }
    ocr_text_free(&words);
    image_free(&scaled);
    return same;
}

/* Adds a margin in the colour of the first pixel: Tesseract misses letters at the edge. */
static bool add_margin(struct image *part, int margin)
{
    struct image wide = { 0 };
    struct error err;
    size_t row = (size_t)part->width * 3;

    if (!image_new(part->width + 2 * margin, part->height + 2 * margin, 3, &wide, &err)) {
        return false;
    }
    for (int i = 0; i < wide.width * wide.height; i++) {
        memcpy(wide.pixels + (size_t)i * 3, part->pixels, 3);
    }
    for (int y = 0; y < part->height; y++) {
        memcpy(wide.pixels + ((size_t)(y + margin) * (size_t)wide.width + (size_t)margin) * 3,
               part->pixels + (size_t)y * row, row);
    }
    image_free(part);
    *part = wide;
    return true;
}

/* Reads the part of the image around one text, in several sizes: a mistake of Tesseract's at one
 * size is no fault of the type. */
static bool reads(const struct image *image, const struct composed_text *text, const char *language,
                  char *got, size_t got_size)
{
    static const double sizes[] = { 44, 32, 60, 26, 38, 52 };
    double type = text->size * image->height, pad = type * 0.3;
    int left = (int)fmax(0, text->box.x - pad), top = (int)fmax(0, text->box.y - pad);
    int right = (int)fmin(image->width, text->box.x + text->box.width + pad);
    int bottom = (int)fmin(image->height, text->box.y + text->box.height + pad);
    struct image part = { 0 };
    struct error err;
    char languages[16];
    bool same = false;

    if (!image_crop(image, left, top, right - left, bottom - top, &part, &err) ||
        !add_margin(&part, (int)type)) {
        return false;
    }
    for (int i = 0; i < 24 && !same; i++) { /* numbers are read better with English */
        snprintf(languages, sizeof languages, "%s%s", language, i / 12 ? "+eng" : "");
        same = reads_at(&part, type, sizes[i % 12 / 2], i % 2 ? OCR_LINE : OCR_PAGE, text,
                        languages, got, got_size);
    }
    image_free(&part);
    return same;
}

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static void check_image(const struct image *image, const struct composition *made, const char *name,
                        const char *language, bool readable, struct summary *summary)
{
    for (int i = 0; i < made->text_count; i++) {
        const struct composed_text *text = &made->texts[i];
        char got[1000];

        if (overlap(text->box, made->product)) {
            printf("%s: '%s' covers the product\n", name, text->text);
            summary->faults++;
        }
        for (int j = 0; j < i; j++) {
            if (overlap(text->box, made->texts[j].box)) {
                printf("%s: '%s' covers '%s'\n", name, text->text, made->texts[j].text);
                summary->faults++;
            }
        }
        summary->arabic += readable && strcmp(language, "ara") == 0;
        if (readable && !reads(image, text, language, got, sizeof got)) {
            printf("%s: '%s' reads '%s'\n", name, text->text, got);
            if (strcmp(language, "ara") == 0) {
                summary->arabic_misread++;
            } else {
                summary->faults++;
            }
        }
        summary->texts++;
        summary->read += readable;
    }
    summary->smallest = fmin(summary->smallest, composition_smallest(made));
    summary->contrast = fmin(summary->contrast, composition_contrast(made));
}

static void compose_one(int number, const struct image_layout *layout, bool readable,
                        struct summary *summary)
{
    const struct test_product *product = &test_products[number];
    struct brief brief = product->brief;
    struct size size = { 1024, 1792 };
    struct composition_request request = { .layout = layout, .brief = &brief, .size = size };
    bool alone = layout->plate == PLATE_CUT_OUT;
    struct box box =
        alone ? (struct box){ 0.05, 0.05, 0.9, 0.9 } : layout_form(layout, size)->product;
    struct composition made;
    struct image plate = { 0 }, out = { 0 };
    struct error err;
    clock_t began;
    char name[120];
    double ms;

    brief.kind = layout->kind;
    snprintf(name, sizeof name, "%s-%s-%02d-%s", kind_name(layout->kind), layout->name, number + 1,
             product->language);
    if (!draw_test_plate(number, alone, box, &plate, &err)) {
        printf("%s: %s\n", name, err.text);
        exit(1);
    }
    began = clock();
    if (!compose_image(&request, &plate, &made, &out, &err)) {
        printf("%s: %s\n", name, err.text);
        summary->faults++;
    } else {
        ms = 1000.0 * (double)(clock() - began) / CLOCKS_PER_SEC;
        summary->images++;
        summary->cpu_ms += ms;
        summary->cpu_most_ms = fmax(summary->cpu_most_ms, ms);
        check_image(&out, &made, name, product->language, readable, summary);
        if (folder) {
            write_image(&out, name);
        }
    }
    image_free(&plate);
    image_free(&out);
}

int main(int argc, char **argv)
{
    static const enum image_kind kinds[] = { INFOGRAPHIC, DIMENSION_DIAGRAM };
    struct summary summary = { .smallest = 1, .contrast = 21 };
    struct ocr_state state;
    char skipped[80] = "";

    folder = argc > 1 ? argv[1] : NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    ocr_state(&state);
    for (int number = 0; number < TEST_PRODUCTS; number++) {
        const char *language = test_products[number].language;
        bool readable = state.library && strstr(state.languages, language);
        const struct image_layout *layout;

        if (!readable && !strstr(skipped, language)) {
            snprintf(skipped + strlen(skipped), sizeof skipped - strlen(skipped), " %s", language);
        }
        for (int k = 0; k < 2; k++) {
            for (int i = 0; (layout = layout_at(layouts_builtin(), kinds[k], i)); i++) {
                compose_one(number, layout, readable, &summary);
            }
        }
    }
    printf("%d images, %d texts, %d read, %d faults; smallest type %.2f %% of the height, lowest "
           "contrast %.1f; %.0f ms of processor time an image, at most %.0f\n",
           summary.images, summary.texts, summary.read, summary.faults, summary.smallest * 100,
           summary.contrast, summary.cpu_ms / fmax(1, summary.images), summary.cpu_most_ms);
    if (summary.arabic > 0) {
        printf("%d of %d Arabic texts are misread\n", summary.arabic_misread, summary.arabic);
    }
    if (skipped[0]) {
        printf("not read, for lack of Tesseract's data:%s\n", skipped);
    }
    return summary.faults > 0 || summary.arabic_misread * 4 > summary.arabic ||
           summary.smallest < 0.02 || summary.contrast < 4.5;
}
