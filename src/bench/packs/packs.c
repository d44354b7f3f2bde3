/* packs.c - loads the workload, and makes and judges its requests with the code of the worker. */
#include "bench/packs/packs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "base/memory.h"
#include "bench/load/target.h"
#include "compose/layout.h"
#include "jobs/job.h"
#include "model/catalog.h"

enum { PROMPT_TOKENS = 3000 }; /* of the longest prompt, generously */

static const char *const names[] = { "packs-v1" };
static const enum image_kind kinds[PACK_PICTURES] = { MAIN_IMAGE,        INFOGRAPHIC,
                                                      FEATURE_HIGHLIGHT, LIFESTYLE,
                                                      COMPARISON_CHART,  DIMENSION_DIAGRAM };

bool packs_exist(const char *name, struct error *err)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    error_set(err, ERROR_INPUT, "unknown --workload '%.40s'", name);
    return error_hint(err, "There is %s: 12 products with six images each.", names[0]);
}

/* Returns the image that prompt number `index` stands for. */
static enum image_kind packs_kind(int index)
{
    return kinds[index % PACK_PICTURES];
}

/* -- loading ----------------------------------------------------------------------------------- */

static const struct embedded *find_file(const char *name, const char *file, struct error *err)
{
    char path[120];
    const struct embedded *found;

    snprintf(path, sizeof path, "assets/bench/%.40s/%.60s", name, file);
    found = embed_find(path);
    if (!found) {
        error_set(err, ERROR_INTERNAL, "the program does not contain %s", path);
    }
    return found;
}

/* Decodes the photo once: every image of the product uses the copy for the model. */
static bool prepare_photo(const struct embedded *file, struct workload_product *product,
                          struct error *err)
{
    static const struct image_rules none;
    struct image_job *photos = &product->photos;

    photos->rules = &none;
    return blob_copy(&photos->photo, file->data, file->size, err) &&
           photo_prepare(photos, MAIN_MODEL, err);
}

static bool load_product(const char *name, const cJSON *row, struct arena *arena,
                         struct workload_product *product, char digests[], struct error *err)
{
    const char *photo = json_peek_text(row, "photo");
    const struct embedded *file = photo ? find_file(name, photo, err) : NULL;
    char *text;

    if (!file) {
        return photo ? false : error_set(err, ERROR_INTERNAL, "a product has no photo");
    }
    product->id = arena_text(arena, json_peek_text(row, "id"));
    text = json_print(cJSON_GetObjectItemCaseSensitive(row, "project"), arena);
    product->row = text;
    digest_hex(file->data, file->size, digests);
    return prepare_photo(file, product, err);
}

/* The digest of the products' file, followed by those of the photos. */
static void add_digest(const struct embedded *products, const char *digests, struct packs *packs)
{
    char all[DIGEST_TEXT * (PACK_PRODUCTS + 1)];

    digest_hex(products->data, products->size, packs->digest);
    snprintf(all, sizeof all, "%s%s", packs->digest, digests);
    digest_hex(all, strlen(all), packs->digest);
}

static bool load_products(struct packs *packs, const cJSON *list, struct arena *arena,
                          char digests[], struct error *err)
{
    for (int i = 0; i < PACK_PRODUCTS; i++) {
        if (!load_product(packs->name, cJSON_GetArrayItem(list, i), arena, &packs->products[i],
                          digests + (DIGEST_TEXT - 1) * i, err)) {
            return false;
        }
    }
    return true;
}

static bool add_prompts(const struct packs *packs, struct arena *arena, struct workload *workload,
                        struct error *err)
{
    for (int i = 0; i < PACK_PRODUCTS * PACK_PICTURES; i++) {
        const char *label = arena_printf(arena, "%s: %s", packs->products[i / PACK_PICTURES].id,
                                         kind_name(packs_kind(i)));

        if (!workload_add(workload, arena, label, err)) {
            return false;
        }
    }
    workload->packs = packs;
    return true;
}

bool packs_load(const char *name, const struct rules *rules, const struct prompts *prompts,
                struct arena *arena, struct workload *workload, struct packs **out,
                struct error *err)
{
    const struct embedded *file = find_file(name, "products.json", err);
    char digests[DIGEST_TEXT * PACK_PRODUCTS] = "";
    struct packs *packs = xcalloc(1, sizeof *packs);
    cJSON *json = NULL;
    bool good;

    *out = packs;
    packs->name = arena_text(arena, name);
    good =
        file && json_parse((const char *)file->data, file->size, "the workload", &json, err) &&
        (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "products")) == PACK_PRODUCTS ||
         error_set(err, ERROR_INTERNAL, "the workload does not have 12 products"));
    if (good) {
        packs->context = (struct job_context){
            .rules = rules,
            .prompts = prompts,
            .marketplace = arena_text(arena, json_peek_text(json, "marketplace")),
            .main_image = MAIN_MODEL,
        };
        good = load_products(packs, cJSON_GetObjectItemCaseSensitive(json, "products"), arena,
                             digests, err) &&
               add_prompts(packs, arena, workload, err);
        add_digest(file, digests, packs);
    }
    cJSON_Delete(json);
    return good;
}

void packs_free(struct packs *packs)
{
    for (int i = 0; packs && i < PACK_PRODUCTS; i++) {
        image_job_clear(&packs->products[i].photos);
    }
    free(packs);
}

/* -- requests ---------------------------------------------------------------------------------- */

/* Shares the prepared photo; nothing of it is owned by the copy. */
static void share_photo(const struct image_job *from, struct image_job *out)
{
    out->photo_facts = from->photo_facts;
    out->photo_bytes = from->photo_bytes;
    memcpy(out->photo_sha256, from->photo_sha256, sizeof out->photo_sha256);
    out->photo_print = from->photo_print;
    out->has_photo_print = from->has_photo_print;
    out->photo_aspect = from->photo_aspect;
    out->model_photo = blob_view(from->model_photo.data, from->model_photo.size);
    out->model_photo_type = from->model_photo_type;
}

bool packs_job(const struct packs *packs, const struct target *target, int index,
               struct arena *arena, struct image_job **out, struct error *err)
{
    const struct workload_product *product = &packs->products[index / PACK_PICTURES];
    struct image_job *image_job = xcalloc(1, sizeof *image_job);
    struct brief *brief = &image_job->project.brief;
    struct job job = { .context = &packs->context, .arena = arena, .state = image_job };
    const char *payload = arena_printf(arena, "{\"projectId\":\"bench\",\"imageType\":\"%s\"}",
                                       kind_name(packs_kind(index)));

    *out = image_job;
    share_photo(&product->photos, image_job);
    image_job->endpoint = (struct model_endpoint){ .provider = target->provider,
                                                   .endpoint = target->at,
                                                   .model = target->model };
    if (!image_job_read_payload(&job, payload, err) ||
        !brief_read(product->row, arena, brief, err)) {
        return false;
    }
    brief->kind = image_job->project.payload.kind;
    brief->subject = image_job->project.payload.subject;
    brief->style = image_job->project.payload.style;
    brief->batch.quality = target->quality ? target->quality : "";
    if (!image_job_check_project(image_job, arena, err) || !image_job_build_request(&job, err)) {
        return false;
    }
    image_job->request.at = &target->at;
    image_job->request.partial_images = target->partial_images;
    return true;
}

void packs_job_free(struct image_job *image_job)
{
    if (image_job) {
        image_job->model_photo = (struct blob){ 0 }; /* borrowed */
        image_job_clear(image_job);
        free(image_job);
    }
}

bool packs_accept(struct image_job *image_job, const struct blob *answer, struct error *err)
{
    bool good = blob_copy(&image_job->result.content, answer->data, answer->size, err) &&
                image_finish(image_job, err);

    return good || (err->kind = ERROR_OUTPUT, false);
}

/* -- targets ----------------------------------------------------------------------------------- */

/* The most expensive image, and the mean of all: sizes follow from the rules. */
static bool set_costs(const struct packs *packs, struct target *target, struct error *err)
{
    int64_t sum = 0;

    target->max_microusd = 0;
    for (int i = 0; i < PACK_PICTURES; i++) {
        struct arena *arena = arena_new();
        struct image_job *image_job;
        int64_t most, expected;

        if (!packs_job(packs, target, i, arena, &image_job, err)) {
            packs_job_free(image_job);
            arena_free(arena);
            return false;
        }
        most = catalog_max_cost(target->model, &image_job->request.size, image_job->request.quality,
                                PROMPT_TOKENS, image_job->request.photo_count > 0,
                                target->partial_images, 0);
        expected =
            catalog_estimate(target->model, image_job->request.size, image_job->request.quality);
        sum += expected > 0 ? expected : 0;
        target->max_microusd = most < 0 || target->max_microusd < 0 ? -1
                               : most > target->max_microusd        ? most
                                                                    : target->max_microusd;
        packs_job_free(image_job);
        arena_free(arena);
    }
    target->expected_microusd = sum / PACK_PICTURES;
    return true;
}

bool packs_target(const struct packs *packs, struct target *target, struct error *err)
{
    if (target->task == TASK_TEXT) {
        error_set(err, ERROR_INPUT, "'%.60s' is a text model; the workload %s has images",
                  target->name, packs->name);
        return error_hint(err, "Remove the target or --workload.");
    }
    if (target->size_set || target->task_set) {
        return error_set(err, ERROR_INPUT,
                         "--workload %s decides size and task: remove them from '%.60s'",
                         packs->name, target->name);
    }
    target->replayed = true;
    if (!target->name_set) {
        snprintf(target->name, sizeof target->name, "%.48s%s%.10s", target->model->id,
                 target->quality ? " " : "", target->quality ? target->quality : "");
    }
    return set_costs(packs, target, err);
}
