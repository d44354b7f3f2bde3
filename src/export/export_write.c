/* export_write.c - fetches, makes and checks the files one after the other, and writes the ZIP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "export/export.h"
#include "export/export_aplus.h"
#include "export/export_check.h"
#include "export/export_image.h"
#include "export/export_report.h"
#include "io/zip_file.h"

enum { REPORT_BYTES = 4 << 20 };

static int longer_of(const struct size *size)
{
    return size->width > size->height ? size->width : size->height;
}

static struct export_target target_of(const struct export_pack *pack,
                                      const struct export_file *file)
{
    const struct export_aplus *aplus = export_rules_aplus(pack->export_rules);
    struct export_target target = { .ai_made = file->ai_made };
    const double *bytes = export_limits(pack, file->kind, "file_size");
    const struct image_rules *rules, *main_image;
    struct error ignored;

    if (file->module > 0) {
        target.slot = file->slot;
        target.sharp = aplus->sharp;
        target.max_bytes = (size_t)aplus->max_bytes;
    } else if (rules_for(pack->rules, pack->market->name, file->kind, &rules, &ignored) &&
               rules_for(pack->rules, pack->market->name, MAIN_IMAGE, &main_image, &ignored)) {
        target.square = pack->market->square;
        target.longest = longer_of(&main_image->keep);
        target.max_bytes = bytes ? (size_t)bytes[0] : 0;
        target.on_white = rules->on_white;
    }
    return target;
}

static void set_problem(struct export_file *file, const char *what, const struct error *err)
{
    snprintf(file->problem, sizeof file->problem, "%s: %.150s", what, err->text);
}

/* Says what can be done about an image that is left out. */
static void set_action(const struct export_pack *pack, struct export_file *file)
{
    const char *id = file->source ? file->source : "IMAGE";
    const char *name = pack->market->name;

    file->action =
        file->kind == MAIN_IMAGE && strstr(file->problem, "er_side")
            ? arena_printf(pack->arena,
                           "Add a larger photo of the product, then make the image again: darkroom "
                           "regenerate %s --marketplace %s --here",
                           id, name)
            : arena_printf(pack->arena,
                           "Make the image for %s, and accept it: darkroom regenerate %s "
                           "--marketplace %s --here",
                           pack->market->title, id, name);
}

/* True for a failure that concerns this image only; others end the export. */
static bool is_of_image(const struct error *err)
{
    return err->kind == ERROR_INPUT || err->kind == ERROR_OUTPUT;
}

/* Fetches, makes and checks one file. False for a failure that ends the export; file->problem says
 * what keeps the file out of the ZIP. */
static bool make_file(const struct export_pack *pack, struct store_client *client,
                      struct export_file *file, struct blob *out, struct error *err)
{
    const struct fetch_scope scope = { FETCH_RESULT, json_peek_text(pack->project, "user") };
    struct export_target target = target_of(pack, file);
    struct export_image made = { 0 };
    struct blob stored = { 0 };
    bool good;

    if (!store_client_fetch(client, file->url, &scope, &stored, err)) {
        set_problem(file, "it cannot be fetched", err);
        return is_of_image(err);
    }
    good = export_image_make(&stored, &target, &made, err);
    blob_free(&stored);
    if (!good) {
        set_problem(file, "it cannot be used", err);
        return is_of_image(err);
    }
    file->stored_size = made.stored_size;
    file->change = arena_text(pack->arena, made.change);
    file->made = export_check(pack, &made.file, file);
    if (file->made) {
        *out = blob_move(&made.file);
    }
    blob_free(&made.file);
    return true;
}

static bool add_files(struct export_pack *pack, struct store_client *client, struct zip_file *zip,
                      const struct export_progress *progress, struct error *err)
{
    for (int i = 0; i < pack->file_count; i++) {
        struct export_file *file = &pack->files[i];
        struct blob content = { 0 };
        bool good;

        if (*progress->stop) {
            return error_set(err, ERROR_STOPPED, "interrupted; no file was written");
        }
        if (progress->on_file) {
            progress->on_file(pack, i, progress->context);
        }
        if (!file->url) {
            continue;
        }
        good = make_file(pack, client, file, &content, err) &&
               (!file->made || zip_file_add(zip, file->name, &content, err));
        blob_free(&content);
        if (good && !file->made) {
            set_action(pack, file);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool add_json(struct zip_file *zip, const char *name, const cJSON *value, struct error *err)
{
    char *text = cJSON_Print(value);
    struct blob content = blob_text(text ? text : "");
    bool good = text ? zip_file_add(zip, name, &content, err)
                     : error_set(err, ERROR_INTERNAL, "no memory to write '%s'", name);

    cJSON_free(text);
    return good;
}

static bool add_aplus(struct export_pack *pack, struct zip_file *zip, struct error *err)
{
    cJSON *asins;
    bool good;

    if (!pack->market->aplus) {
        return true;
    }
    export_aplus_build(pack);
    if (!pack->aplus) {
        return true;
    }
    asins = export_aplus_asins(pack);
    good = add_json(zip, "aplus/content-document.json", pack->aplus, err) &&
           (!asins || add_json(zip, "aplus/asin-relations.json", asins, err));
    cJSON_Delete(asins);
    return good;
}

/* Returns the number of files in the ZIP; with `listing`, without those of A+ content. */
static int count_made(const struct export_pack *pack, bool listing)
{
    int count = 0;

    for (int i = 0; i < pack->file_count; i++) {
        count += pack->files[i].made && (!listing || pack->files[i].module == 0);
    }
    return count;
}

static void note_few_images(struct export_pack *pack)
{
    int count = count_made(pack, true);

    if (count < pack->market->wanted) {
        cJSON_AddItemToArray(pack->notes,
                             cJSON_CreateString(
                                 arena_printf(pack->arena,
                                              "%s asks for %d images or more; the ZIP has %d.",
                                              pack->market->title, pack->market->wanted, count)));
    }
}

static bool add_report(const struct export_pack *pack, struct zip_file *zip, struct error *err)
{
    cJSON *report = export_report_json(pack);
    struct text text;
    struct blob content;
    bool good;

    text_begin(&text, REPORT_BYTES);
    export_report_text(pack, &text);
    content = blob_view(text.data, text.size);
    good = zip_file_add(zip, "report/report.txt", &content, err) &&
           add_json(zip, "report/report.json", report, err);
    text_end(&text);
    cJSON_Delete(report);
    return good;
}

bool export_write(struct export_pack *pack, struct store_client *client, const char *path,
                  bool replace, const struct export_progress *progress, bool *written,
                  struct error *err)
{
    struct zip_file *zip = zip_file_create(path, err);
    bool good = zip && add_files(pack, client, zip, progress, err) && add_aplus(pack, zip, err);

    if (good) {
        note_few_images(pack);
        good = add_report(pack, zip, err);
    }
    *written = good && (count_made(pack, false) > 0 || pack->aplus);
    if (*written) {
        return zip_file_finish(zip, replace, err);
    }
    zip_file_abandon(zip);
    return good;
}
