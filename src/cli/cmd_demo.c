/* cmd_demo.c - darkroom demo: makes the pack of a sample product, with the offline provider. */
#include <stdlib.h>

#include "app/cut_out_model.h"
#include "base/embed.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/make/make_price.h"
#include "demo/demo_summary.h"
#include "demo/pack_run.h"
#include "image/image.h"

static bool load(void *context, int number, struct order *order, struct error *err)
{
    (void)number;
    (void)err;
    *order = *(const struct order *)context;
    return true;
}

static void unload(void *context, int number)
{
    (void)context; /* it is freed at the end */
    (void)number;
}

static int print_result(const struct pack_request *request, struct results_folder *folder,
                        const cJSON *record, struct error *err)
{
    (void)err;
    return demo_summary_print_result(record, folder->path, setting_flag(request->settings, "json"),
                                     true);
}

/* Real models cost money: shows the price, and asks. */
static int make(const struct pack_request *request, struct error *err)
{
    const struct settings *settings = request->settings;
    struct pack_price price = { .rows = NULL };
    int status = 0;

    if (results_folder_check(request->out, err) &&
        pack_price_make(settings, request->products, 1, &price, err)) {
        if (setting_flag(settings, "dry-run")) {
            (void)!make_print_price(settings, &price, err);
        } else if (make_confirm(settings, &price, err)) {
            status = pack_run(request, err);
        }
    }
    pack_price_free(&price);
    return status;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct embedded *text = embed_find("assets/demo/project.json");
    const struct embedded *file = embed_find("assets/demo/product.jpg");
    struct order_photo photo = { .name = "photo.jpg" };
    struct order order = { .project = "demo-project", .photos = &photo, .photo_count = 1 };
    struct pack_request request = { .settings = settings,
                                    .command = "demo",
                                    .out = setting_text(settings, "out"),
                                    .products = &(struct pack_product){ .folder = NULL },
                                    .count = 1,
                                    .with_credits = true,
                                    .context = &order,
                                    .load = load,
                                    .unload = unload,
                                    .print = print_result };
    struct image_facts facts;
    cJSON *product = NULL;
    int status = 0;

    (void)argc;
    (void)argv;
    photo.file = (struct blob){ .data = (uint8_t *)file->data, .size = file->size };
    if (json_parse(text->data, text->size, "the demo's product", &product, err) &&
        image_inspect(&photo.file, NULL, &facts, err)) {
        photo.width = facts.width;
        photo.height = facts.height;
        order.product = product;
        status = make(&request, err);
    }
    cJSON_Delete(product);
    return status;
}

static const char *const settings_taken[] = {
    "out",
    "module-images",
    "provider",
    "text-provider",
    "image-model",
    "text-model",
    "features-model",
    "quality",
    "marketplace",
    "main-image",
    CUT_OUT_MODEL_SETTINGS,
    PROVIDER_SETTINGS,
    NETWORK_SETTINGS,
    "prompts",
    "models",
    "rules",
    "jobs",
    "concurrency",
    "pool-threads",
    "dry-run",
    "yes",
    "log-level",
    "json",
    "color",
    NULL,
};

const struct command command_demo = {
    .name = "demo",
    .arguments = "",
    .summary = "make a complete product pack on this machine, without API keys or network",
    .examples = "  darkroom demo                                  # placeholder images, no cost\n"
                "  darkroom demo --no-module-images --out album\n"
                "  darkroom demo --provider openai --quality low  # real models: OPENAI_API_KEY\n",
    .settings = settings_taken,
    .output = output_demo,
    .common = "out provider quality marketplace module-images dry-run yes json",
    .run = run,
};
