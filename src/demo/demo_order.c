/* demo_order.c - inserts the demo's seller, project and order. */
#include "demo/demo_order.h"

#include <stdio.h>

#include "base/embed.h"
#include "io/file.h"

static const char bucket[] = "product-images";
static const char path[] = "demo-seller/demo-project/photo.jpg";

bool demo_order_create_tables(struct sql_session *session, struct error *err)
{
    return sql_script(session, (const char *)embed_find("sql/host_application.sql")->data, err);
}

bool demo_order_insert(struct sql_session *session, const struct store_target *store,
                       bool module_images, struct error *err)
{
    const struct embedded *project = embed_find("assets/demo/project.json");
    const struct embedded *photo = embed_find("assets/demo/product.jpg");
    char file[1024], url[1024], size[24];
    const char *params[] = { (const char *)project->data, url, size, module_images ? "t" : "f" };

    snprintf(file, sizeof file, "%s/%s/%s", store->folder, bucket, path);
    snprintf(url, sizeof url, "%s/storage/v1/object/public/%s/%s", store->base_url, bucket, path);
    snprintf(size, sizeof size, "%zu", photo->size);
    return file_write(file, photo->data, photo->size, err) &&
           sql_query(session, "demo_order", 4, params, NULL, err);
}
