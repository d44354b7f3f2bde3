/* job_retry_plan.c - finds the failed jobs, and adds up their price. */
#include "cli/jobs/job_retry_plan.h"

#include <math.h>
#include <string.h>

#include "app/pack_plan.h"
#include "base/text.h"
#include "cli/jobs/job_filter.h"
#include "cli/jobs/job_list.h"
#include "model/kind.h"
#include "term/table.h"

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Prices from the catalog, for types of which no job was completed lately. */
static double catalog_usd(const struct settings *settings, const char *type, const char *image)
{
    struct pack_plan pack = { .settings = settings, .with_aplus = true };
    struct error ignored;
    const char *what = image ? kind_title(kind_find(image)) : "";
    double usd = -1, sum = 0;
    const cJSON *row;

    if (pack_plan_build(&pack, &ignored)) {
        cJSON_ArrayForEach(row, pack.rows)
        {
            const char *name = json_peek_text(row, "what");
            double min = json_peek_number(row, "usdMin", NAN);
            double max = json_peek_number(row, "usdMax", NAN);

            sum += name && strncmp(name, "A+", 2) == 0 ? 0 : (min + max) / 2;
            usd = name && what[0] && strcmp(name, what) == 0 ? (min + max) / 2 : usd;
        }
        usd = strcmp(type, "generate-complete-pack") == 0 ? sum : usd;
    }
    pack_plan_free(&pack);
    return isfinite(usd) ? usd : -1;
}

/* Adds up the price of the jobs without a kept answer, and notes in each type where it comes from.
 */
static void price(struct retry_plan *plan)
{
    cJSON *type;

    cJSON_ArrayForEach(type, cJSON_GetObjectItemCaseSensitive(plan->data, "types"))
    {
        const char *image = json_peek_text(type, "image"), *name = json_peek_text(type, "type");
        int64_t jobs = json_peek_int(type, "jobs", 0) - json_peek_int(type, "keptAnswers", 0);
        double each = json_peek_number(type, "usdEach", -1);
        const char *source = "completed jobs";

        if (each < 0) {
            each = catalog_usd(plan->settings, name ? name : "", image);
            source = each < 0 ? "unknown" : "catalog";
        }
        plan->usd += each < 0 ? 0 : each * (double)jobs;
        plan->unpriced += each < 0 ? jobs : 0;
        cJSON_AddStringToObject(type, "priceSource", source);
        if (each >= 0) {
            cJSON_DeleteItemFromObjectCaseSensitive(type, "usdEach");
            cJSON_AddNumberToObject(type, "usdEach", each);
        }
    }
}

static int count_jobs(const cJSON *plan)
{
    int count = cJSON_GetArraySize(member(plan, "jobs"));
    const cJSON *batch;

    cJSON_ArrayForEach(batch, member(plan, "batches"))
    {
        count += cJSON_GetArraySize(batch);
    }
    return count;
}

/* Writes the ids of the rows that match themselves as a Postgres array. */
static void add_ids(struct text *out, const cJSON *rows)
{
    const cJSON *row;

    text_add_char(out, '{');
    cJSON_ArrayForEach(row, rows)
    {
        const char *id = json_peek_text(row, "id");

        if (id && cJSON_IsTrue(member(row, "matches"))) {
            text_printf(out, "%s%s", out->size > 1 ? "," : "", id);
        }
    }
    text_add_char(out, '}');
}

bool retry_plan_make(struct retry_plan *plan, struct error *err)
{
    char *filter;
    const char *params[1];
    struct text ids;
    cJSON *rows, *object;
    bool good;

    if (!job_filter_read(plan->session, plan->settings, &filter, err)) {
        return false;
    }
    object = cJSON_Parse(filter);
    cJSON_free(filter);
    if (!member(object, "status")) {
        cJSON_AddItemToArray(cJSON_AddArrayToObject(object, "status"),
                             cJSON_CreateString("failed"));
    }
    filter = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    good = job_list_query(plan->session, filter, RETRY_MOST_JOBS, &rows, err);
    cJSON_free(filter);
    if (!good) {
        return false;
    }
    text_begin(&ids, (size_t)RETRY_MOST_JOBS * 40);
    add_ids(&ids, rows);
    cJSON_Delete(rows);
    params[0] = ids.data;
    good = database_query(plan->session, "jobs_retry_plan", 1, params, &plan->data, err);
    text_end(&ids);
    if (good) {
        price(plan);
        plan->jobs = count_jobs(plan->data);
    }
    return good;
}

void retry_plan_print(const struct retry_plan *plan, FILE *to)
{
    static const struct table_column columns[] = {
        { "what", "MAKES", .max_width = 24 },
        { "jobs", "JOBS", .right = true },
        { "usd", "USD EACH", .right = true },
        { "priceSource", "PRICE FROM", .max_width = 20 },
    };
    cJSON *rows = cJSON_Duplicate(member(plan->data, "types"), true), *row;
    const cJSON *skipped;

    cJSON_ArrayForEach(row, rows)
    {
        double each = json_peek_number(row, "usdEach", -1);
        char usd[32];

        snprintf(usd, sizeof usd, "%.4f", each);
        cJSON_AddStringToObject(row, "what",
                                job_list_what(json_peek_text(row, "type"),
                                              json_peek_text(row, "image")));
        cJSON_AddStringToObject(row, "usd", each < 0 ? "unknown" : usd);
    }
    if (cJSON_GetArraySize(rows) > 0) {
        table_print_columns(to, rows, columns, sizeof columns / sizeof *columns);
    }
    cJSON_Delete(rows);
    cJSON_ArrayForEach(skipped, member(plan->data, "skipped"))
    {
        fprintf(to, "left out: %lld, %s\n", (long long)json_peek_int(skipped, "jobs", 0),
                term_text(json_peek_text(skipped, "reason"), false));
    }
}

void retry_plan_summary(const struct retry_plan *plan, char out[RETRY_SUMMARY_BYTES])
{
    int64_t kept = json_peek_int(plan->data, "keptAnswers", 0);
    char unknown[60] = "", answers[60] = "";

    if (plan->unpriced > 0) {
        snprintf(unknown, sizeof unknown, " plus %lld jobs of unknown price",
                 (long long)plan->unpriced);
    }
    if (kept > 0) {
        snprintf(answers, sizeof answers, "; %lld use an answer that is paid for", (long long)kept);
    }
    snprintf(out, RETRY_SUMMARY_BYTES,
             "%d job%s: about %.2f USD%s%s; %lld credits are charged (%lld were refunded before, "
             "%lld stay paid)",
             plan->jobs, plan->jobs == 1 ? "" : "s", plan->usd, unknown, answers,
             (long long)json_peek_int(plan->data, "chargedCredits", 0),
             (long long)json_peek_int(plan->data, "refundedCredits", 0),
             (long long)json_peek_int(plan->data, "paidCredits", 0));
}

void retry_plan_json(const struct retry_plan *plan)
{
    cJSON *out = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "event", "plan");
    cJSON_AddNumberToObject(out, "jobs", plan->jobs);
    cJSON_AddNumberToObject(out, "usd", plan->usd);
    cJSON_AddNumberToObject(out, "unpricedJobs", (double)plan->unpriced);
    cJSON_AddNumberToObject(out, "chargedCredits",
                            json_peek_number(plan->data, "chargedCredits", 0));
    for (int i = 0; i < 5; i++) {
        static const char *const copied[] = { "refundedCredits", "paidCredits", "keptAnswers",
                                              "types", "skipped" };

        cJSON_AddItemToObject(out, copied[i], cJSON_Duplicate(member(plan->data, copied[i]), true));
    }
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}

void retry_plan_free(struct retry_plan *plan)
{
    cJSON_Delete(plan->data);
}
