/* pack_price.c - adds up the plans of many packs. */
#include "demo/products/pack_price.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/latency_profile.h"
#include "app/pack_plan.h"
#include "base/json.h"
#include "term/duration.h"
#include "term/table.h"

enum { DAYS = 14 };

/* Seconds of a call if no latency profile is given: from 15 s for an image of low quality to the
 * two minutes that OpenAI's guide to image generation names for complex prompts; and of a text. */
static const double image_seconds[] = { 15, 120 }, text_seconds[] = { 5, 30 };

struct calls {                 /* of one pack, or of all */
    double sum[2], longest[2]; /* seconds: from, to */
    int images, texts;
    bool rough;
};

/* -- one marketplace ------------------------------------------------------------------------- */

static void add_call(struct calls *calls, const cJSON *row)
{
    bool is_image = cJSON_HasObjectItem(row, "storedSize");
    const double *usual = is_image ? image_seconds : text_seconds;
    double measured[] = { json_peek_number(row, "secondsMedian", -1),
                          json_peek_number(row, "secondsP95", -1) };

    calls->images += is_image;
    calls->texts += !is_image;
    if (json_peek_number(row, "usdMax", -1) == 0) {
        return; /* made on this machine */
    }
    calls->rough = calls->rough || measured[0] < 0;
    for (int i = 0; i < 2; i++) {
        double seconds = measured[0] < 0 ? usual[i] : measured[i];

        calls->sum[i] += seconds;
        calls->longest[i] = fmax(calls->longest[i], seconds);
    }
}

static void add_row(struct pack_price *price, const char *marketplace, int products,
                    const struct pack_plan *plan, const struct calls *calls)
{
    cJSON *row = cJSON_CreateObject();
    char usd[60];

    if (plan->unknown) {
        snprintf(usd, sizeof usd, "unknown");
    } else {
        snprintf(usd, sizeof usd, "%.2f to %.2f", (double)plan->min_cost * products / 1e6,
                 (double)plan->max_cost * products / 1e6);
    }
    cJSON_AddStringToObject(row, "marketplace", marketplace);
    cJSON_AddNumberToObject(row, "products", products);
    cJSON_AddNumberToObject(row, "images", calls->images * products);
    cJSON_AddNumberToObject(row, "texts", calls->texts * products);
    cJSON_AddStringToObject(row, "usd", usd);
    cJSON_AddNumberToObject(row, "usdMin", (double)plan->min_cost * products / 1e6);
    cJSON_AddNumberToObject(row, "usdMax", (double)plan->max_cost * products / 1e6);
    cJSON_AddItemToArray(price->rows, row);
    price->products += products;
    price->images += calls->images * products;
    price->texts += calls->texts * products;
    price->min_cost += plan->min_cost * products;
    price->max_cost += plan->max_cost * products;
    price->unknown = price->unknown || plan->unknown;
}

static bool add_marketplace(const struct settings *settings, const char *marketplace, int products,
                            struct calls *all, struct pack_price *price, struct error *err)
{
    struct pack_plan plan = { .settings = settings,
                              .marketplace = marketplace,
                              .with_aplus = true };
    struct calls calls = { .images = 0 };
    const cJSON *row;
    bool good = (!setting_text(settings, "profile") ||
                 latency_profile_load(settings, NULL, DAYS, &plan.profile, err)) &&
                pack_plan_build(&plan, err);

    cJSON_ArrayForEach(row, plan.rows)
    {
        add_call(&calls, row);
    }
    if (good) {
        add_row(price, marketplace, products, &plan, &calls);
        for (int i = 0; i < 2; i++) {
            all->sum[i] += calls.sum[i] * products;
            all->longest[i] = fmax(all->longest[i], calls.longest[i]);
        }
        all->rough = all->rough || calls.rough;
    }
    pack_plan_free(&plan);
    return good;
}

/* -- all products ---------------------------------------------------------------------------- */

static const char *marketplace_of(const struct settings *settings,
                                  const struct pack_product *product)
{
    return product->marketplace ? product->marketplace : setting_text(settings, "marketplace");
}

/* Returns how many products from `first` on are made for its marketplace; 0 if an earlier one is.
 */
static int count_of(const struct settings *settings, const struct pack_product *products, int count,
                    int first)
{
    const char *marketplace = marketplace_of(settings, &products[first]);
    int found = 0;

    for (int i = 0; i < count; i++) {
        if (!products[i].skip && strcmp(marketplace_of(settings, &products[i]), marketplace) == 0) {
            if (i < first) {
                return 0;
            }
            found++;
        }
    }
    return found;
}

bool pack_price_make(const struct settings *settings, const struct pack_product *products,
                     int count, struct pack_price *out, struct error *err)
{
    int64_t jobs = setting_int(settings, "jobs"), calls = setting_int(settings, "concurrency");
    double slots = (double)(jobs < calls ? jobs : calls);
    struct calls all = { .images = 0 };

    *out = (struct pack_price){ .rows = cJSON_CreateArray() };
    for (int i = 0; i < count; i++) {
        int found = products[i].skip ? 0 : count_of(settings, products, count, i);

        out->complete += products[i].skip;
        if (found > 0 && !add_marketplace(settings, marketplace_of(settings, &products[i]), found,
                                          &all, out, err)) {
            return false;
        }
    }
    out->rough = all.rough;
    for (int i = 0; i < 2; i++) { /* the images of a product follow its features */
        out->seconds[i] =
            fmax(all.sum[i] / slots, all.longest[i] > 0 ? all.longest[i] + text_seconds[i] : 0);
    }
    return true;
}

bool pack_price_is_free(const struct pack_price *price)
{
    return price->max_cost == 0 && !price->unknown;
}

void pack_price_text(const struct pack_price *price, char *out, size_t size)
{
    char time[60];
    int used =
        snprintf(out, size, "%.2f to %.2f USD%s, without retries", (double)price->min_cost / 1e6,
                 (double)price->max_cost / 1e6, price->unknown ? " plus unknown prices" : "");

    if (price->seconds[1] > 0) {
        duration_text(price->seconds[0], price->seconds[1], time, sizeof time);
        snprintf(out + used, size - (size_t)used, ", in %s%s", price->rough ? "roughly " : "",
                 time);
    }
}

void pack_price_print(const struct pack_price *price, FILE *to)
{
    static const struct column columns[] = { { "marketplace", "MARKETPLACE", 0 },
                                             { "products", "PRODUCTS", 0 },
                                             { "images", "IMAGES", 0 },
                                             { "texts", "TEXTS", 0 },
                                             { "usd", "USD", 0 } };
    char text[300];

    pack_price_text(price, text, sizeof text);
    table_print(to, price->rows, columns, 5);
    fprintf(to, "\nprice of %d product%s: %s\n", price->products, price->products == 1 ? "" : "s",
            text);
    if (price->complete > 0) {
        fprintf(to, "%d other%s complete already\n", price->complete,
                price->complete == 1 ? " is" : "s are");
    }
}

void pack_price_json(const struct pack_price *price)
{
    cJSON *rows = cJSON_Duplicate(price->rows, true), *row;

    cJSON_ArrayForEach(row, rows)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(row, "usd"); /* the text of the table */
    }
    table_json(stdout, rows, "price-row");
    cJSON_Delete(rows);
    printf("{\"event\":\"price-total\",\"total\":true,\"products\":%d,\"images\":%d,\"texts\":%d,"
           "\"usdMin\":%.6f,"
           "\"usdMax\":%.6f,\"priceKnown\":%s",
           price->products, price->images, price->texts, (double)price->min_cost / 1e6,
           (double)price->max_cost / 1e6, price->unknown ? "false" : "true");
    if (price->seconds[1] > 0) {
        printf(",\"secondsMin\":%.0f,\"secondsMax\":%.0f,\"measured\":%s", price->seconds[0],
               price->seconds[1], price->rough ? "false" : "true");
    }
    printf("}\n");
}

void pack_price_free(struct pack_price *price)
{
    cJSON_Delete(price->rows);
    *price = (struct pack_price){ 0 };
}
