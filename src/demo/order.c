/* order.c - inserts sellers, projects and orders. */
#include "demo/order.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/json.h"
#include "io/file.h"

static const char bucket[] = "product-images";

bool order_create_tables(struct sql_session *session, struct error *err)
{
    return sql_script(session, (const char *)embed_find("sql/host_application.sql")->data, err);
}

enum { URL_BYTES = 1400 };

/* Writes a photo or logo into the store. */
static bool put_file(const struct store_target *store, const struct order *order,
                     const struct order_photo *photo, char url[URL_BYTES], struct error *err)
{
    char path[300], file[URL_BYTES];

    snprintf(path, sizeof path, "seller/%s/%s", order->project, photo->name);
    snprintf(file, sizeof file, "%s/%s/%s", store->folder, bucket, path);
    snprintf(url, URL_BYTES, "%s/storage/v1/object/public/%s/%s", store->base_url, bucket, path);
    return file_write(file, photo->file.data, photo->file.size, err);
}

/* Writes a photo into the store and adds it to the list of the project's photos. */
static bool add_photo(const struct store_target *store, const struct order *order,
                      const struct order_photo *photo, cJSON *list, struct error *err)
{
    cJSON *row = cJSON_CreateObject();
    char url[URL_BYTES];
    bool good = put_file(store, order, photo, url, err);

    cJSON_AddStringToObject(row, "url", url);
    cJSON_AddNumberToObject(row, "width", photo->width);
    cJSON_AddNumberToObject(row, "height", photo->height);
    cJSON_AddNumberToObject(row, "size", (double)photo->file.size);
    cJSON_AddItemToArray(list, row);
    return good;
}

/* Returns the product as JSON, with the address of its logo. The caller frees *out. */
static bool print_product(const struct store_target *store, const struct order *order, char **out,
                          struct error *err)
{
    cJSON *product = cJSON_Duplicate(order->product, true);
    char url[URL_BYTES];
    bool good = !order->logo || put_file(store, order, order->logo, url, err);

    if (good && order->logo) {
        cJSON_AddStringToObject(cJSON_GetObjectItemCaseSensitive(product, "brandKit"), "logoUrl",
                                url);
    }
    *out = cJSON_PrintUnformatted(product);
    cJSON_Delete(product);
    return good;
}

bool order_insert(struct sql_session *session, const struct store_target *store,
                  const struct order *order, struct error *err)
{
    cJSON *list = cJSON_CreateArray();
    char *product = NULL, *photos = NULL;
    const char *params[] = { NULL, NULL, order->module_images ? "t" : "f", order->project,
                             order->marketplace };
    bool good = print_product(store, order, &product, err);

    for (int i = 0; i < order->photo_count && good; i++) {
        good = add_photo(store, order, &order->photos[i], list, err);
    }
    params[0] = product;
    params[1] = photos = cJSON_PrintUnformatted(list);
    good = good && sql_query(session, "order", 5, params, NULL, err);
    cJSON_free(product);
    cJSON_free(photos);
    cJSON_Delete(list);
    return good;
}

bool order_continue(struct sql_session *session, const struct order *order, int *open,
                    struct error *err)
{
    char *product = cJSON_PrintUnformatted(order->product);
    const char *params[] = { order->project, product };
    struct blob count = { 0 };
    bool good = sql_query(session, "order_continue", 2, params, &count, err);

    *open = good ? atoi((const char *)count.data) : -1;
    blob_free(&count);
    cJSON_free(product);
    return good;
}
