/* cmd_plan.c - darkroom plan: what a pack would make, asked of whom, and at what price. Asks no
 * model; asks the database only where a project is named. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/data.h"
#include "cli/database.h"
#include "cli/table.h"
#include "model/estimate.h"

struct plan {
    const struct settings *settings;
    struct catalog *catalog;
    struct rules *rules;
    cJSON *rows;
    int64_t least, most; /* cost of all, millionths of a dollar */
    bool unknown;        /* some price is not in the catalog */
};

static const struct model *model_of(const struct plan *plan, const char *setting, const char *use,
                                    struct error *err)
{
    const char *wanted = setting_text(plan->settings, setting);
    const char *provider = setting_text(plan->settings, "provider");
    const char *text = setting_text(plan->settings, "text-provider");
    const struct model *model;

    provider = text && strcmp(use, "edit") != 0 ? text : provider;
    model = wanted ? catalog_find(plan->catalog, wanted)
                   : catalog_default(plan->catalog, provider, use);
    if (!model) {
        error_set(err, ERROR_CONFIG, "model '%.60s' is not in the catalog", wanted ? wanted : use);
        error_hint(err, "`darkroom models` lists those that are.");
        return NULL;
    }
    return catalog_alive(model, clock_wall_ms(), err) ? model : NULL;
}

static void add_row(struct plan *plan, const char *what, const struct model *model,
                    const struct size *ask, const struct size *keep, int64_t cost, bool maybe)
{
    cJSON *row = cJSON_CreateObject();
    char text[48];

    cJSON_AddStringToObject(row, "what", what);
    cJSON_AddStringToObject(row, "model", model->id);
    if (ask) {
        snprintf(text, sizeof text, "%dx%d", ask->width, ask->height);
        cJSON_AddStringToObject(row, "asked", text);
        snprintf(text, sizeof text, "%dx%d", keep->width, keep->height);
        cJSON_AddStringToObject(row, "kept", text);
    }
    if (cost >= 0) {
        snprintf(text, sizeof text, "%s%.4f", maybe ? "0 or " : "", (double)cost / 1e6);
        cJSON_AddNumberToObject(row, "usdMost", (double)cost / 1e6);
        cJSON_AddNumberToObject(row, "usdLeast", maybe ? 0 : (double)cost / 1e6);
        plan->most += cost;
        plan->least += maybe ? 0 : cost;
    } else {
        snprintf(text, sizeof text, "not known");
        plan->unknown = true;
    }
    cJSON_AddStringToObject(row, "usd", text);
    cJSON_AddItemToArray(plan->rows, row);
}

static bool add_images(struct plan *plan, const struct model *model, struct error *err)
{
    const char *way = setting_text(plan->settings, "main-image");
    const char *marketplace = setting_text(plan->settings, "marketplace");
    const char *quality = setting_text(plan->settings, "quality");

    for (int kind = MAIN_IMAGE; kind < PACK_KINDS; kind++) {
        bool local = kind == MAIN_IMAGE && strcmp(way, "local") == 0;
        const struct image_rules *rules;
        struct size ask;
        int64_t cost;

        if (!rules_for(plan->rules, marketplace, (enum image_kind)kind, &rules, err) ||
            !catalog_size(model, rules->keep, &ask, err)) {
            return false;
        }
        cost = local ? 0 : catalog_estimate(model, ask, quality ? quality : rules->quality);
        add_row(plan, kind_title((enum image_kind)kind), model, &ask, &rules->keep, cost,
                kind == MAIN_IMAGE && strcmp(way, "auto") == 0);
    }
    return true;
}

static bool make(struct plan *plan, struct error *err)
{
    const struct model *image = model_of(plan, "image-model", "edit", err);
    const struct model *features = image ? model_of(plan, "features-model", "features", err) : NULL;
    const struct model *aplus = features ? model_of(plan, "text-model", "aplus", err) : NULL;

    if (!aplus || !add_images(plan, image, err)) {
        return false;
    }
    add_row(plan, "features, once", features, NULL, NULL,
            catalog_cost(features, &usual_features, 0), true);
    if (setting_flag(plan->settings, "with-aplus")) {
        add_row(plan, "A+ content", aplus, NULL, NULL, catalog_cost(aplus, &usual_aplus, 0), false);
    }
    return true;
}

/* The project's own part: is there what a pack needs? */
static bool tell_project(const struct settings *settings, const char *id, struct error *err)
{
    struct sql_session *session = database_open(settings, "plan", err);
    cJSON *project = NULL;
    bool good = session && database_ask(session, "plan", 1, &id, &project, err);

    sql_close(session);
    if (good && cJSON_IsNull(project)) {
        good = error_set(err, ERROR_INPUT, "there is no project '%.60s'", id);
    } else if (good && setting_flag(settings, "json")) {
        table_json(stdout, project);
    } else if (good) {
        printf("%s: %s\n", json_peek_text(project, "project"), json_peek_text(project, "product"));
        if (json_peek_int(project, "photos", 0) == 0) {
            printf("it has no photo yet: every image would fail\n");
        }
        if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(project, "described"))) {
            printf("it has no description: features and dimensions would be guesses\n");
        }
        printf("\n");
    }
    cJSON_Delete(project);
    return good;
}

static void tell(const struct plan *plan)
{
    static const struct column columns[] = {
        { "what", "WHAT", 0 }, { "model", "MODEL", 0 }, { "asked", "ASKED FOR", 0 },
        { "kept", "KEPT", 0 }, { "usd", "USD", 0 },
    };

    if (setting_flag(plan->settings, "json")) {
        table_json(stdout, plan->rows);
        printf("{\"total\":true,\"usdLeast\":%.6f,\"usdMost\":%.6f,\"complete\":%s}\n",
               (double)plan->least / 1e6, (double)plan->most / 1e6,
               plan->unknown ? "false" : "true");
        return;
    }
    table_print(stdout, plan->rows, columns, sizeof columns / sizeof *columns);
    printf("\nestimate: %.2f to %.2f USD%s, when each image is right the first time\n",
           (double)plan->least / 1e6, (double)plan->most / 1e6,
           plan->unknown ? " and what is not known" : "");
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct plan plan = { .settings = settings, .rows = cJSON_CreateArray() };

    if ((argc == 0 || tell_project(settings, argv[0], err)) &&
        data_catalog(settings, &plan.catalog, err) && data_rules(settings, &plan.rules, err) &&
        make(&plan, err)) {
        tell(&plan);
    }
    rules_free(plan.rules);
    catalog_free(plan.catalog);
    cJSON_Delete(plan.rows);
    return 0;
}

static const char *const settings_taken[] = {
    "with-aplus",     "provider", "text-provider", "image-model", "text-model",
    "features-model", "quality",  "marketplace",   "main-image",  "models",
    "rules",          "json",     "database-url",  NULL,
};

const struct command command_plan = {
    .name = "plan",
    .arguments = "[PROJECT]",
    .summary = "show what a pack would make, with which models, and its cost",
    .examples = "  darkroom plan\n"
                "  darkroom plan PROJECT --with-aplus\n"
                "  darkroom plan --image-model gpt-image-2 --quality medium --json\n",
    .settings = settings_taken,
    .max_arguments = 1,
    .run = run,
};
