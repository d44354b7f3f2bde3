/* export_aplus.c - chooses the modules of the document and their images. */
#include "export/export_aplus.h"

#include <stdio.h>
#include <string.h>

#include "export/export_module.h"
#include "export/export_rows.h"
#include "export/export_text.h"
#include "model/wording.h"

enum { DOCUMENT_NAME = 100 };

static const cJSON *modules_of(const struct export_pack *pack)
{
    const cJSON *aplus = cJSON_GetObjectItemCaseSensitive(pack->project, "aplus");

    return cJSON_GetObjectItemCaseSensitive(aplus, "modules");
}

static void add_note(struct export_pack *pack, const char *text)
{
    cJSON_AddItemToArray(pack->notes, cJSON_CreateString(text));
}

/* -- images ------------------------------------------------------------------------------------ */

static void add_image(struct export_pack *pack, const struct export_module *type,
                      const cJSON *module, int index, int slot)
{
    const cJSON *row = slot == 1 && type->second != IMAGE_KINDS
                           ? export_listing_image(pack, type->second)
                           : export_module_image(pack, module, index, slot);
    struct export_file *file;

    if (pack->file_count == EXPORT_FILES) {
        return; /* the module becomes text */
    }
    file = &pack->files[pack->file_count++];
    *file = (struct export_file){
        .kind = A_PLUS_MODULE, .module = index + 1, .image = slot + 1, .slot = type->slots[slot]
    };
    export_read_row(row, file);
    snprintf(file->name, sizeof file->name, "aplus/%s.APLUS.%d.%d.jpg", pack->id, index + 1,
             slot + 1);
    if (!file->url) {
        snprintf(file->problem, sizeof file->problem, "the module has no image here");
    }
}

void export_aplus_plan(struct export_pack *pack)
{
    int most = export_rules_aplus(pack->export_rules)->max_modules, index = 0;
    const cJSON *module;

    cJSON_ArrayForEach(module, modules_of(pack))
    {
        const struct export_module *type =
            export_rules_module(pack->export_rules, json_peek_text(module, "type"));

        for (int slot = 0; type && index < most && slot < type->slot_count; slot++) {
            add_image(pack, type, module, index, slot);
        }
        index++;
    }
}

/* -- document ---------------------------------------------------------------------------------- */

static bool has_images(const struct export_pack *pack, const struct export_module *type, int module)
{
    int count = 0;

    for (int i = 0; i < pack->file_count; i++) {
        count += pack->files[i].module == module && pack->files[i].made;
    }
    return count == type->slot_count;
}

/* Returns the first words of the tree that Amazon rejects, or NULL: in texts, and in the names of
 * specifications. */
static const char *find_forbidden(const cJSON *tree)
{
    const char *found = cJSON_IsString(tree) ? wording_forbidden(tree->valuestring, true) : NULL;
    const cJSON *child;

    cJSON_ArrayForEach(child, tree)
    {
        found = found ? found : find_forbidden(child);
        if (!found && child->string) {
            found = wording_forbidden(child->string, true);
        }
    }
    return found;
}

static void leave_out(struct export_pack *pack, int module, const char *why)
{
    add_note(pack, arena_printf(pack->arena, "A+ module %d is left out: %s", module, why));
    pack->incomplete = true;
}

static void add_module(struct export_pack *pack, const cJSON *module, int number, cJSON *list)
{
    const struct export_module *type =
        export_rules_module(pack->export_rules, json_peek_text(module, "type"));
    const char *forbidden = find_forbidden(cJSON_GetObjectItemCaseSensitive(module, "content"));
    bool shortened = false;
    cJSON *made;

    if (!type) {
        leave_out(pack, number, "Amazon has no module like it.");
        return;
    }
    if (forbidden) {
        leave_out(pack, number,
                  arena_printf(pack->arena, "Amazon rejects the words \"%s\".", forbidden));
        return;
    }
    if (has_images(pack, type, number)) {
        made = export_module_build(pack, type, module, number, &shortened);
    } else {
        made = export_module_build_text(pack, type, module, &shortened);
        pack->incomplete = true;
        add_note(pack, arena_printf(pack->arena,
                                    "A+ module %d is text alone: it lacks an image. Make the "
                                    "images with: darkroom enqueue %s --aplus --module-images",
                                    number, json_peek_text(pack->project, "id")));
    }
    if (!made) {
        leave_out(pack, number, "it has no text.");
        return;
    }
    if (shortened) {
        add_note(pack, arena_printf(pack->arena,
                                    "A+ module %d is shortened: %s takes less text. Read it "
                                    "before you submit it.",
                                    number, type->type));
    }
    if (type->note) {
        add_note(pack, arena_printf(pack->arena, "A+ module %d: %s", number, type->note));
    }
    cJSON_AddItemToArray(list, made);
}

void export_aplus_build(struct export_pack *pack)
{
    int most = export_rules_aplus(pack->export_rules)->max_modules, number = 0;
    const char *name = json_peek_text(pack->project, "product");
    cJSON *list = cJSON_CreateArray(), *document;
    const cJSON *module;

    cJSON_ArrayForEach(module, modules_of(pack))
    {
        if (++number > most) {
            leave_out(pack, number,
                      arena_printf(pack->arena, "Amazon takes %d modules for a product.", most));
            continue;
        }
        add_module(pack, module, number, list);
    }
    if (cJSON_GetArraySize(list) == 0) {
        cJSON_Delete(list);
        return;
    }
    pack->aplus = cJSON_CreateObject();
    document = cJSON_AddObjectToObject(pack->aplus, "contentDocument");
    cJSON_AddStringToObject(document, "name",
                            text_cut(name && *name ? name : pack->id, DOCUMENT_NAME, pack->arena));
    cJSON_AddStringToObject(document, "contentType", "EBC"); /* made in Seller Central */
    cJSON_AddStringToObject(document, "locale", pack->request->locale);
    cJSON_AddItemToObject(document, "contentModuleList", list);
}

cJSON *export_aplus_asins(const struct export_pack *pack)
{
    cJSON *relations, *set;

    if (!pack->request->asin) {
        return NULL;
    }
    relations = cJSON_CreateObject();
    set = cJSON_AddArrayToObject(relations, "asinSet");
    cJSON_AddItemToArray(set, cJSON_CreateString(pack->request->asin));
    return relations;
}
