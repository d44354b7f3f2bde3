/* demo_order.h - a seller, a project and a paid order in a fresh database: as the host application
 * would have left them. Data: assets/demo/project.json, assets/demo/product.jpg. */
#ifndef DEMO_DEMO_ORDER_H
#define DEMO_DEMO_ORDER_H
#include "io/postgres/sql.h"
#include "store/store.h"

/* Creates the host application's tables in an empty database. */
bool demo_order_create_tables(struct sql_session *session, struct error *err) MUST_CHECK;

/* Inserts seller, brand kit, project, photo, bought credits, the charge for a complete pack with
 * A+, and the job; with module images, a job of its own for A+. The photo is put into the folder
 * store. */
bool demo_order_insert(struct sql_session *session, const struct store_target *place,
                       bool module_images, struct error *err) MUST_CHECK;
#endif
