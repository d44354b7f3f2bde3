/* cmd_demo.c - darkroom demo: makes the pack of a sample product, with the offline provider. */
#include <stdlib.h>

#include "app/cut_out_model.h"
#include "base/embed.h"
#include "base/json.h"
#include "cli/command.h"
#include "demo/pack_run.h"
#include "image/image.h"

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct embedded *text = embed_find("assets/demo/project.json");
    const struct embedded *file = embed_find("assets/demo/product.jpg");
    struct order_photo photo = { .name = "photo.jpg" };
    struct order order = { .project = "demo-project", .photos = &photo, .photo_count = 1 };
    struct pack_request request = { .settings = settings,
                                    .command = "demo",
                                    .order = &order,
                                    .out = setting_text(settings, "out") };
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
        status = pack_run(&request, err);
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
    .common = "out provider quality marketplace module-images json",
    .run = run,
};
