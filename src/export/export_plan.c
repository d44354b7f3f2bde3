/* export_plan.c - chooses the files of an export and their names. */
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "export/export.h"
#include "export/export_aplus.h"
#include "export/export_name.h"
#include "export/export_rows.h"

static bool set_identifier(struct export_pack *pack, struct error *err)
{
    const struct export_request *request = pack->request;
    const char *product = json_peek_text(pack->project, "product");
    const char *project = json_peek_text(pack->project, "id");

    if (pack->market->needs_asin && !request->asin && !request->asin_follows) {
        error_set(err, ERROR_INPUT, "%s names its files by the ASIN", pack->market->title);
        return error_hint(err, "Add --asin B0XXXXXXXX.");
    }
    if (pack->market->needs_asin && !request->asin) {
        cJSON_AddItemToArray(pack->notes,
                             cJSON_CreateString(
                                 arena_printf(pack->arena,
                                              "Replace the beginning of the file names by the ASIN "
                                              "before the upload to %s.",
                                              pack->market->title)));
    } else if (pack->market->needs_asin) {
        snprintf(pack->id, sizeof pack->id, "%s", request->asin);
        return true;
    }
    if (request->sku) {
        if (!export_sku(request->sku, pack->id, err)) {
            return false;
        }
        if (strcmp(pack->id, request->sku) != 0) {
            cJSON_AddItemToArray(pack->notes,
                                 cJSON_CreateString(
                                     arena_printf(pack->arena,
                                                  "The SKU is written as %s in file names.",
                                                  pack->id)));
        }
        return true;
    }
    if (request->asin) {
        snprintf(pack->id, sizeof pack->id, "%s", request->asin);
        return true;
    }
    export_slug(product ? product : "", pack->id);
    if (pack->id[0] == '\0') { /* a name without ASCII letters */
        export_slug(project ? project : "", pack->id);
    }
    if (pack->id[0] == '\0') {
        snprintf(pack->id, sizeof pack->id, "product");
    }
    return true;
}

static cJSON *add_row(cJSON *list, enum image_kind kind, const char *reason)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "type", kind_name(kind));
    cJSON_AddStringToObject(row, "reason", reason);
    cJSON_AddItemToArray(list, row);
    return row;
}

/* Says why an image is missing, as far as the queue knows, and what to do. */
static void add_missing(struct export_pack *pack, enum image_kind kind)
{
    const cJSON *slots = cJSON_GetObjectItemCaseSensitive(pack->project, "slots");
    const cJSON *slot = cJSON_GetObjectItemCaseSensitive(slots, kind_name(kind));
    const char *state = json_peek_text(slot, "state"), *message = json_peek_text(slot, "message");
    const char *id = json_peek_text(pack->project, "id");
    bool open = state && strcmp(state, "open") == 0;
    cJSON *row = add_row(pack->missing, kind,
                         open                  ? "It is being made."
                         : message && *message ? message
                                               : "It has not been made.");

    cJSON_AddStringToObject(row, "action",
                            open ? "Export again when the job has ended: darkroom jobs"
                                 : arena_printf(pack->arena,
                                                "Make it with: darkroom enqueue %s --image %s",
                                                id ? id : "PROJECT", kind_name(kind)));
}

static void add_file(struct export_pack *pack, enum image_kind kind, const cJSON *row, int place)
{
    const struct export_market *market = pack->market;
    struct export_file *file = &pack->files[pack->file_count++];

    *file = (struct export_file){ .kind = kind };
    export_read_row(row, file);
    export_file_name(place == 0 ? market->main_pattern : market->other_pattern, pack->id, place,
                     file->name);
}

static void plan_images(struct export_pack *pack)
{
    enum image_kind kind;
    int others = 0;

    for (int i = 0; (kind = export_rules_kind(pack->export_rules, i)) != IMAGE_KINDS; i++) {
        const cJSON *row = export_listing_image(pack, kind);

        if (pack->market->left_out & 1u << kind) {
            if (row) {
                add_row(pack->left_out, kind, pack->market->left_out_reason);
            }
        } else if (!row) {
            add_missing(pack, kind);
        } else if (kind == MAIN_IMAGE) {
            add_file(pack, kind, row, 0);
        } else if (others == pack->market->max_others) {
            add_row(pack->left_out, kind, "the marketplace takes no more images");
        } else {
            add_file(pack, kind, row, ++others);
        }
    }
}

bool export_plan(struct export_pack *pack, struct error *err)
{
    pack->missing = cJSON_CreateArray();
    pack->left_out = cJSON_CreateArray();
    pack->notes = cJSON_CreateArray();
    if (!set_identifier(pack, err)) {
        return false;
    }
    plan_images(pack);
    if (pack->market->aplus) {
        export_aplus_plan(pack);
    }
    return true;
}

void export_pack_free(struct export_pack *pack)
{
    cJSON_Delete(pack->missing);
    cJSON_Delete(pack->left_out);
    cJSON_Delete(pack->notes);
    cJSON_Delete(pack->aplus);
}

/* Returns the number of stored images that are not in the ZIP. */
static int count_failed(const struct export_pack *pack)
{
    int count = 0;

    for (int i = 0; i < pack->file_count; i++) {
        count += pack->files[i].url && !pack->files[i].made;
    }
    return count;
}

int export_status(const struct export_pack *pack)
{
    bool has_main = false;

    for (int i = 0; i < pack->file_count; i++) {
        has_main = has_main || (pack->files[i].kind == MAIN_IMAGE && pack->files[i].made);
    }
    if (count_failed(pack) > 0 || !has_main) {
        return EXIT_STATUS_CHECK;
    }
    return pack->incomplete || cJSON_GetArraySize(pack->missing) > 0 ? EXIT_STATUS_SOME_FAILED
                                                                     : EXIT_STATUS_OK;
}
