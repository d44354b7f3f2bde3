/* demo_order.h - inserts a seller, a project and a paid order into a new database, as the host
 * application does. The data are assets/demo/project.json and assets/demo/product.jpg. */
#ifndef DEMO_DEMO_ORDER_H
#define DEMO_DEMO_ORDER_H
#include "io/postgres/sql.h"
#include "store/store.h"

/* Creates the host application's tables in an empty database. */
bool demo_order_create_tables(struct sql_session *session, struct error *err) MUST_CHECK;

/* Inserts the seller, brand kit, project, photo, purchased credits, the charge for a complete pack
 * with A+ content, and its job. With `module_images` the A+ content is a second job. Writes the
 * photo into the folder store. */
bool demo_order_insert(struct sql_session *session, const struct store_target *store,
                       bool module_images, struct error *err) MUST_CHECK;
#endif
