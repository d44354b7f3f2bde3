/* cmd_plan.c - darkroom plan: images, models, cost and duration of a pack. Calls no model; queries
 * the database only if a project is named. */
#include <math.h>
#include <stdio.h>

#include "app/ids/find_id.h"
#include "app/latency_profile.h"
#include "app/pack_plan.h"
#include "cli/command.h"
#include "term/table.h"
#include "term/term.h"

enum { DAYS = 14 };

/* Prints the project and warns if it lacks what a pack needs. */
static bool print_project(struct pack_plan *plan, const char *id, struct error *err)
{
    const struct settings *settings = plan->settings;
    struct sql_session *session = database_open(settings, "plan", err);
    cJSON *project = NULL;
    struct error ignored; /* without a migrated database there are no recorded calls */
    char found[ID_TEXT];
    bool good;

    if (session && find_id_or_keep(session, ID_PROJECT, id, found, &ignored)) {
        id = found;
    } else if (session && ignored.kind == ERROR_INPUT) {
        *err = ignored;
        sql_close(session);
        return false;
    }
    good = session && database_query(session, "plan", 1, &id, &project, err);
    if (good && !setting_text(settings, "profile") &&
        !latency_profile_load(settings, session, DAYS, &plan->profile, &ignored)) {
        plan->profile = NULL;
    }
    sql_close(session);
    if (good && cJSON_IsNull(project)) {
        good = error_set(err, ERROR_INPUT, "no project has the id '%.60s'", id);
    } else if (good && setting_flag(settings, "json")) {
        table_json(stdout, project, "planned-project");
    } else if (good) {
        printf("%s: %s\n", term_text(json_peek_text(project, "project"), false),
               term_text(json_peek_text(project, "product"), false));
        if (json_peek_int(project, "photos", 0) == 0) {
            printf("The project has no photo: every image would fail.\n");
        }
        if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(project, "described"))) {
            printf("The project has no description: features and dimensions would be guessed.\n");
        }
        printf("\n");
    }
    cJSON_Delete(project);
    return good;
}

static void print_plan(const struct pack_plan *plan)
{
    static const struct column columns[] = {
        { "what", "ITEM", 0 },         { "model", "MODEL", 0 }, { "requestedSize", "REQUESTED", 0 },
        { "storedSize", "STORED", 0 }, { "usd", "USD", 0 },     { "time", "TIME", 0 },
    };
    /* A+ content is made while the images are made */
    double median = plan->features[0] + fmax(plan->images[0], plan->aplus[0]);
    double p95 = plan->features[1] + fmax(plan->images[1], plan->aplus[1]);
    bool timed = !plan->time_unknown && p95 > 0;

    if (setting_flag(plan->settings, "json")) {
        pack_plan_json(plan);
        printf("{\"event\":\"plan-total\",\"total\":true,\"usdMin\":%.6f,\"usdMax\":%.6f,"
               "\"priceKnown\":%s",
               (double)plan->min_cost / 1e6, (double)plan->max_cost / 1e6,
               plan->unknown ? "false" : "true");
        if (timed) {
            printf(",\"secondsMedian\":%.3f,\"secondsP95\":%.3f", median, p95);
        }
        printf("}\n");
        return;
    }
    table_print(stdout, plan->rows, columns, (int)(sizeof columns / sizeof *columns) - (p95 <= 0));
    printf("\nestimate: %.2f to %.2f USD%s, without retries\n", (double)plan->min_cost / 1e6,
           (double)plan->max_cost / 1e6, plan->unknown ? " plus unknown prices" : "");
    if (plan->refuses) {
        printf("the image model takes no photos: images of the product in a scene are refused, the "
               "others are made from the photo alone\n");
    }
    if (timed) {
        printf("duration, from recorded calls: median %.0f s, p95 %.0f s, all images at once\n",
               median, p95);
    }
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct pack_plan plan = { .settings = settings,
                              .with_aplus = setting_flag(settings, "with-aplus") };

    if ((argc == 0 || print_project(&plan, argv[0], err)) &&
        (!setting_text(settings, "profile") ||
         latency_profile_load(settings, NULL, DAYS, &plan.profile, err)) &&
        pack_plan_build(&plan, err)) {
        print_plan(&plan);
    }
    pack_plan_free(&plan);
    return 0;
}

static const char *const settings_taken[] = {
    "with-aplus", PLAN_SETTINGS, "json", "database-url", "profile", NULL,
};

const struct command command_plan = {
    .name = "plan",
    .arguments = "[PROJECT]",
    .summary = "show the images, models, cost and duration of a pack; calls no model",
    .examples = "  darkroom plan\n"
                "  darkroom plan PROJECT --with-aplus\n"
                "  darkroom plan --image-model gpt-image-2 --quality medium --json\n",
    .settings = settings_taken,
    .output = output_plan,
    .common = "with-aplus image-model quality json",
    .max_arguments = 1,
    .run = run,
};
