/* pack_results.c - writes the results of one product into its folder. */
#include "demo/pack_results.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "demo/album.h"
#include "demo/record.h"

enum { PAGE_BYTES = 8 << 20 };

static const char *marketplace_of(const struct pack_writer *writer,
                                  const struct pack_product *product)
{
    return product->marketplace ? product->marketplace
                                : setting_text(writer->settings, "marketplace");
}

static void add_origin(const struct pack_writer *writer, const struct pack_product *product,
                       cJSON *record)
{
    const struct job_context *job_context = &writer->worker_setup->job_context;
    cJSON *made = cJSON_AddObjectToObject(record, "made");

    cJSON_AddStringToObject(made, "provider", job_context->image.provider->name);
    cJSON_AddStringToObject(made, "imageModel", job_context->image.model->id);
    cJSON_AddStringToObject(made, "textModel", job_context->aplus.model->id);
    cJSON_AddStringToObject(made, "marketplace", marketplace_of(writer, product));
    cJSON_AddStringToObject(made, "version", DARKROOM_VERSION);
    if (product->sku) {
        cJSON_AddStringToObject(record, "sku", product->sku);
    }
}

static bool save_album(const cJSON *record, struct results_folder *folder, struct error *err)
{
    struct blob sheet;
    struct text page;
    bool good;

    if (!album_contact_sheet(record, folder->path, &sheet, err)) {
        return false;
    }
    good = results_folder_put(folder, "contact-sheet.png", sheet.data, sheet.size, err);
    blob_free(&sheet);
    text_begin(&page, PAGE_BYTES);
    good = good && album_page(record, &page, err) &&
           results_folder_put(folder, "index.html", page.data, page.size, err);
    text_end(&page);
    return good;
}

static double seconds_since(int64_t began_us)
{
    return (double)((clock_mono_us() - began_us) / 1000) / 1000;
}

/* Writes the record beside the images: it shows later whether the pack is complete. */
static bool save_record(const struct pack_product *product, struct results_folder *folder,
                        cJSON *record, struct error *err)
{
    char *text;
    bool good;

    cJSON_AddStringToObject(record, "folder", folder->path);
    cJSON_AddBoolToObject(record, "complete", demo_record_complete(record));
    if (product->identity) {
        cJSON_AddStringToObject(record, "photos", product->identity);
        cJSON_AddStringToObject(record, "inputs", product->inputs);
    }
    text = cJSON_Print(record);
    good = results_folder_put(folder, PACK_RECORD_NAME, text, strlen(text), err);
    cJSON_free(text);
    return good;
}

bool pack_results_write(const struct pack_writer *writer, const struct pack_product *product,
                        const struct order *order, struct results_folder *folder, cJSON **record,
                        struct error *err)
{
    struct pack_results results = { .settings = writer->settings,
                                    .session = writer->session,
                                    .project = order->project,
                                    .name = product->folder ? product->folder : order->project,
                                    .folder = folder,
                                    .stop = writer->stop };
    int64_t began_us = clock_mono_us();
    cJSON *seconds;

    if (!demo_record_read(writer->session, order->project, record, err)) {
        return false;
    }
    if (writer->progress) {
        demo_progress_add_steps(writer->progress, *record);
    }
    add_origin(writer, product, *record);
    results.record = *record;
    seconds = cJSON_Duplicate(writer->seconds, true);
    cJSON_AddItemToObject(*record, "seconds", seconds);
    if (!results_folder_clear(folder, err) ||
        !demo_record_export(*record, &writer->worker_setup->job_context.store_target, order, folder,
                            err) ||
        !save_album(*record, folder, err) ||
        (writer->request->finish && !writer->request->finish(&results, err))) {
        return false;
    }
    cJSON_AddNumberToObject(seconds, "album", seconds_since(began_us));
    cJSON_AddNumberToObject(seconds, "total", seconds_since(writer->began_us));
    return save_record(product, folder, *record, err);
}
