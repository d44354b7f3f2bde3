/* make_zip.c - adds the ZIP for a marketplace to the results of darkroom make. */
#include "cli/make/make_zip.h"

#include <stdio.h>

#include "export/export_report.h"
#include "export/export_run.h"

bool make_zip(const struct pack_results *results, struct error *err)
{
    struct export_progress progress = { .stop = results->stop };
    struct export_run run;
    char name[120], path[4400];
    bool written = false, good;

    good = export_run_open(&run, results->settings, err);
    run.request.asin_follows = true; /* the product may have none yet */
    good = good && export_run_load(&run, results->session, results->project, err);
    if (good) {
        snprintf(name, sizeof name, "%.80s-%.30s.zip", results->name, run.request.marketplace);
        good = results_folder_add(results->folder, name, path, sizeof path, err) &&
               export_run_write(&run, path, true, &progress, &written, err);
    }
    if (good) {
        cJSON_AddItemToObject(results->record, "export", export_report_json(&run.pack));
        cJSON_AddStringToObject(results->record, "zip", written ? name : "");
    }
    export_run_close(&run);
    return good;
}
