/* order.h - inserts a seller, projects and paid orders into a new database, as the host application
 * does. */
#ifndef DEMO_ORDER_H
#define DEMO_ORDER_H
#include <cjson/cJSON.h>

#include "base/blob.h"
#include "io/postgres/sql.h"
#include "store/store.h"

enum { ORDER_PHOTOS = 8 };

struct order_photo {
    const char *name; /* in the store: "photo-1.jpg" */
    struct blob file;
    int width, height;
};

struct order {            /* a complete pack with A+ content */
    const char *project;  /* its id */
    const cJSON *product; /* name, productName, productCategory, description, brandKit */
    const struct order_photo *photos;
    int photo_count;
    const struct order_photo *logo; /* of the product's brand kit; NULL: it has none */
    bool module_images;             /* A+ content with images, as a job of its own */
    const char *marketplace;        /* whose image rules apply; NULL: that of the worker */
};

/* Creates the host application's tables in an empty database. */
bool order_create_tables(struct sql_session *session, struct error *err) MUST_CHECK;

/* Inserts the seller, brand kit, project, photos, purchased credits, the charge for the pack, and
 * its jobs. Writes photos and logo into the folder store. */
bool order_insert(struct sql_session *session, const struct store_target *store,
                  const struct order *order, struct error *err) MUST_CHECK;

/* Changes the texts of the project to those of the order, and queues again what failed. *open: jobs
 * that have not ended now; -1 if there is no such project. */
bool order_continue(struct sql_session *session, const struct order *order, int *open,
                    struct error *err) MUST_CHECK;
#endif
