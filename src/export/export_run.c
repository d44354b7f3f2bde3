/* export_run.c - an export from settings to a ZIP. */
#include "export/export_run.h"

#include "app/data_files.h"
#include "app/image_processing.h"
#include "export/export_name.h"
#include "export/export_project.h"

static bool read_request(struct export_run *run, struct error *err)
{
    const struct settings *settings = run->settings;
    const char *asin = setting_text(settings, "asin");

    run->request = (struct export_request){ .marketplace = setting_text(settings, "marketplace"),
                                            .sku = setting_text(settings, "sku"),
                                            .locale = setting_text(settings, "locale") };
    if ((asin && !export_asin(asin, run->asin, err)) || !export_locale(run->request.locale, err)) {
        return false;
    }
    run->request.asin = asin ? run->asin : NULL;
    return true;
}

static bool load_rules(struct export_run *run, struct error *err)
{
    const struct image_rules *main_image;

    run->pack.request = &run->request;
    if (!export_rules_from_settings(run->settings, &run->export_rules, err) ||
        !rules_from_settings(run->settings, &run->rules, err)) {
        return false;
    }
    run->pack.export_rules = run->export_rules;
    run->pack.rules = run->rules;
    return export_rules_market(run->export_rules, run->request.marketplace, &run->pack.market,
                               err) &&
           rules_for(run->rules, run->request.marketplace, MAIN_IMAGE, &main_image, err);
}

bool export_run_open(struct export_run *run, const struct settings *settings, struct error *err)
{
    *run = (struct export_run){ .settings = settings };
    run->pack.arena = arena_new();
    return read_request(run, err) && load_rules(run, err);
}

bool export_run_load(struct export_run *run, struct sql_session *session, const char *project,
                     struct error *err)
{
    if (!export_project_load(session, project, &run->project, err)) {
        return false;
    }
    run->pack.project = run->project;
    return export_plan(&run->pack, err);
}

bool export_run_write(struct export_run *run, const char *path, bool replace,
                      const struct export_progress *progress, bool *written, struct error *err)
{
    struct store_client client;
    bool good = store_client_open(run->settings, &client, err);

    *written = false;
    if (good) {
        image_processing_start(run->settings, false);
        good = export_write(&run->pack, &client, path, replace, progress, written, err);
        image_processing_stop();
    }
    store_client_close(&client);
    return good;
}

void export_run_close(struct export_run *run)
{
    export_pack_free(&run->pack);
    arena_free(run->pack.arena);
    cJSON_Delete(run->project);
    export_rules_free(run->export_rules);
    rules_free(run->rules);
}
