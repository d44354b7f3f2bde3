/* pack_orders.c - queues the orders of a run. */
#include "demo/pack_orders.h"

#include <stdio.h>
#include <string.h>

#include "queue/migrate.h"

enum { PACK_JOBS = 8 }; /* a pack, six images, A+ content */

/* Returns whether to make images of A+ modules: by default only if they cost nothing. */
static bool makes_module_images(const struct pack_orders *orders)
{
    if (strcmp(setting_source(orders->settings, "module-images"), "flag") == 0) {
        return setting_flag(orders->settings, "module-images");
    }
    return orders->worker_setup->job_context.image.provider->local;
}

static bool has_tables(struct sql_session *session, bool *yes, struct error *err)
{
    struct blob value = { 0 };
    bool good = sql_query(session, "select (to_regclass('job_queue') is not null)::text", 0, NULL,
                          &value, err);

    *yes = good && strcmp((const char *)value.data, "true") == 0;
    blob_free(&value);
    return good;
}

/* Finds the id of the product's project. Of a single product it is the one of its order. */
static bool find_project(struct pack_orders *orders, int number, const struct order *order,
                         struct error *err)
{
    const struct pack_product *product = &orders->request->products[number];
    char identity[200];

    if (!product->folder) {
        snprintf(orders->projects[number], PROJECT_ID, "%s", order->project);
        return true;
    }
    snprintf(identity, sizeof identity, "%.80s%s%.80s", product->identity,
             product->marketplace ? "-" : "", product->marketplace ? product->marketplace : "");
    return run_folder_project(orders->run_folder, product->folder, identity,
                              orders->projects[number], PROJECT_ID, err);
}

/* Queues the order of a product, or what an earlier run has left of it. */
static bool queue_order(struct pack_orders *orders, int number, struct sql_session *session,
                        bool may_exist, struct error *err)
{
    const struct pack_request *request = orders->request;
    const struct pack_product *product = &request->products[number];
    struct order order = { 0 };
    int open = -1;
    bool good = request->load(request->context, number, &order, err) &&
                find_project(orders, number, &order, err);

    order.project = orders->projects[number];
    order.marketplace = product->marketplace;
    order.module_images = makes_module_images(orders);
    good = good && (!may_exist || order_continue(session, &order, &open, err)) &&
           (open >= 0 ||
            order_insert(session, &orders->worker_setup->job_context.store_target, &order, err));
    if (good && product->folder) {
        products_progress_add(&orders->progress->products, product->sku, order.project,
                              open >= 0 ? open : PACK_JOBS);
    }
    request->unload(request->context, number);
    return good;
}

/* Without prices nothing is charged, and no sentence speaks of credits. */
static bool remove_prices(struct sql_session *session, struct error *err)
{
    return sql_script(session, "update darkroom.price set credits = 0 where credits <> 0", err);
}

bool pack_orders_queue(struct pack_orders *orders, struct sql_session *session, struct error *err)
{
    struct migration_report report;
    bool exists;

    if (!has_tables(session, &exists, err) || (!exists && !order_create_tables(session, err)) ||
        !migrate(session, NULL, &report, err) ||
        (!orders->request->with_credits && !remove_prices(session, err))) {
        return false;
    }
    for (int i = 0; i < orders->request->count && !*orders->stop; i++) {
        const struct pack_product *product = &orders->request->products[i];

        if (product->skip ? !run_folder_end_project(orders->run_folder, product->folder, err)
                          : !queue_order(orders, i, session, exists, err)) {
            return false;
        }
    }
    return true;
}
