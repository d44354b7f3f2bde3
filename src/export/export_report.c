/* export_report.c - the report of an export, as JSON and as text. */
#include "export/export_report.h"

#include <math.h>
#include <stdio.h>

#include "model/stored_text.h"

int export_passed(const struct export_file *file)
{
    int count = 0;

    for (int i = 0; i < file->finding_count; i++) {
        count += file->findings[i].passed;
    }
    return count;
}

/* -- JSON -------------------------------------------------------------------------------------- */

static double rounded(double value)
{
    return round(value * 1000) / 1000;
}

static cJSON *finding_json(const struct export_finding *finding)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "rule", finding->rule);
    cJSON_AddBoolToObject(row, "passed", finding->passed);
    json_add_number(row, "measured", rounded(finding->measured));
    cJSON_AddStringToObject(row, "limit", finding->limit);
    cJSON_AddStringToObject(row, "message", finding->message);
    return row;
}

static void add_size(cJSON *row, const char *width, const char *height, const struct size *size)
{
    cJSON_AddNumberToObject(row, width, size->width);
    cJSON_AddNumberToObject(row, height, size->height);
}

static cJSON *file_json(const struct export_file *file)
{
    cJSON *row = cJSON_CreateObject(), *rules;

    cJSON_AddStringToObject(row, "file", file->name);
    cJSON_AddStringToObject(row, "type", kind_name(file->kind));
    if (file->module > 0) {
        cJSON_AddNumberToObject(row, "module", file->module);
        cJSON_AddNumberToObject(row, "image", file->image);
    }
    json_add_text(row, "source", file->source);
    cJSON_AddBoolToObject(row, "inZip", file->made);
    add_size(row, "storedWidth", "storedHeight", &file->stored_size);
    if (file->finding_count > 0) {
        json_add_text(row, "change", file->change);
        add_size(row, "width", "height", &file->size);
        cJSON_AddNumberToObject(row, "bytes", (double)file->bytes);
        cJSON_AddStringToObject(row, "sha256", file->sha256);
    }
    if (file->problem[0]) {
        cJSON_AddStringToObject(row, "problem", file->problem);
    }
    if (file->action) {
        cJSON_AddStringToObject(row, "action", file->action);
    }
    rules = cJSON_AddArrayToObject(row, "rules");
    for (int i = 0; i < file->finding_count; i++) {
        cJSON_AddItemToArray(rules, finding_json(&file->findings[i]));
    }
    if (cJSON_IsArray(file->checks)) {
        cJSON_AddItemToObject(row, "checksOfTheWorker", cJSON_Duplicate(file->checks, true));
    }
    return row;
}

cJSON *export_report_json(const struct export_pack *pack)
{
    cJSON *top = cJSON_CreateObject(), *files;

    cJSON_AddStringToObject(top, "marketplace", pack->market->name);
    json_add_text(top, "project", json_peek_text(pack->project, "id"));
    json_add_text(top, "product", json_peek_text(pack->project, "product"));
    cJSON_AddStringToObject(top, "identifier", pack->id);
    cJSON_AddBoolToObject(top, "complete", export_status(pack) == 0);
    cJSON_AddStringToObject(top, "upload", pack->market->upload);
    files = cJSON_AddArrayToObject(top, "files");
    for (int i = 0; i < pack->file_count; i++) {
        cJSON_AddItemToArray(files, file_json(&pack->files[i]));
    }
    cJSON_AddItemToObject(top, "missing", cJSON_Duplicate(pack->missing, true));
    cJSON_AddItemToObject(top, "leftOut", cJSON_Duplicate(pack->left_out, true));
    cJSON_AddItemToObject(top, "notes", cJSON_Duplicate(pack->notes, true));
    return top;
}

/* -- text -------------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void file_text(const struct export_file *file, struct text *out)
{
    text_printf(out, "\n%s\n", file->name);
    text_printf(out, "  %s%s", kind_title(file->kind), file->made ? "" : ", NOT in the ZIP");
    if (file->finding_count > 0) {
        text_printf(out, ", %d x %d pixels, %zu bytes; %s", file->size.width, file->size.height,
                    file->bytes, or_empty(file->change));
    }
    text_add(out, "\n");
    if (file->problem[0]) {
        text_printf(out, "  %s\n", file->problem);
    }
    if (file->action) {
        text_printf(out, "  %s\n", file->action);
    }
    for (int i = 0; i < file->finding_count; i++) {
        const struct export_finding *finding = &file->findings[i];

        text_printf(out, "  %-6s %-13s %-28s (%s)\n", finding->passed ? "pass" : "FAIL",
                    finding->rule, finding->message, finding->limit);
    }
}

static void rows_text(const char *title, const cJSON *rows, struct text *out)
{
    const cJSON *row;

    if (cJSON_GetArraySize(rows) == 0) {
        return;
    }
    text_printf(out, "\n%s\n", title);
    cJSON_ArrayForEach(row, rows)
    {
        const char *action = json_peek_text(row, "action");

        if (cJSON_IsString(row)) {
            text_printf(out, "  %s\n", row->valuestring);
            continue;
        }
        text_printf(out, "  %s: %s\n", or_empty(json_peek_text(row, "type")),
                    or_empty(json_peek_text(row, "reason")));
        if (action) {
            text_printf(out, "    %s\n", action);
        }
    }
}

void export_report_text(const struct export_pack *pack, struct text *out)
{
    char *product = arena_text(pack->arena, or_empty(json_peek_text(pack->project, "product")));
    int made = 0;

    stored_text_clean(product);
    for (int i = 0; i < pack->file_count; i++) {
        made += pack->files[i].made;
    }
    text_printf(out, "%s, for %s\n", product, pack->market->title);
    text_printf(out, "Project %s. %d of %d files are in the ZIP; each of them passes every rule.\n",
                or_empty(json_peek_text(pack->project, "id")), made, pack->file_count);
    if (pack->market->upload[0]) {
        text_printf(out, "\n%s\n", pack->market->upload);
    }
    if (pack->aplus) {
        text_add(out, "\naplus/content-document.json is the body of createContentDocument of "
                      "Amazon's A+ Content API.\nUpload each file of aplus/ with the Uploads API, "
                      "and replace its name in uploadDestinationId\nby the id that it returns.\n");
    }
    rows_text("Missing", pack->missing, out);
    rows_text("Left out", pack->left_out, out);
    rows_text("Notes", pack->notes, out);
    for (int i = 0; i < pack->file_count; i++) {
        file_text(&pack->files[i], out);
    }
}
