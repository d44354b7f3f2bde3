/* test_metadata.c - the metadata of an image holds all that is needed to make it again, and its
 * quality. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "jobs/types/image_job.h"

static const struct provider provider = { .name = "openai" };
static const struct model model = { .id = "gpt-image-9" };
static const struct image_rules rules = { .format = "png" };

struct made {
    struct job_context job_context;
    struct job job;
    struct image_job image_job;
    cJSON *metadata;
};

static void begin(struct made *made)
{
    struct brief *brief = &made->image_job.project.brief;

    *made = (struct made){ 0 };
    made->image_job.marketplace = "walmart";
    made->job.context = &made->job_context;
    made->job.arena = arena_new();
    made->job.cost_microusd = 41500;
    made->job.call_index = 1;
    made->job.attempt = (struct attempt){ .request_id = "req_1", .ms = 8100 };
    strcpy(made->job.claimed.id, "0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11");
    *brief =
        (struct brief){ .kind = LIFESTYLE,
                        .style = "rustic",
                        .photo_url = "https://cdn.example.com/p.jpg",
                        .batch = { "b7-3f2a", "gpt-image-9", "high", "A {{product}}", 12, 2 } };
    made->image_job.rules = &rules;
    made->image_job.endpoint = (struct model_endpoint){ .provider = &provider, .model = &model };
    made->image_job.request = (struct model_request){
        .model = &model, .prompt = "A clay cup", .size = { 1536, 1024 }, .quality = "high"
    };
    made->image_job.prompt_version = "a1b2c3d4e5f6";
    strcpy(made->image_job.photo_sha256, "55aa");
    made->image_job.photo_facts = (struct image_facts){ .width = 4000, .height = 3000 };
    made->image_job.photo_bytes = 1234567;
    made->image_job.has_similarity = true;
    made->image_job.similarity = (struct likeness){ -1, 3.14159, 0.92345 };
}

static void end(struct made *made)
{
    cJSON_Delete(made->metadata);
    arena_free(made->job.arena);
}

static void make(struct made *made)
{
    struct error err;
    const char *text = image_job_metadata(&made->job, &made->image_job);

    assert_true(json_parse(text, strlen(text), "metadata", &made->metadata, &err));
}

/* "photo.url" */
static const cJSON *at(const cJSON *top, const char *path)
{
    char part[40];
    size_t size = strcspn(path, ".");

    assert_true(size < sizeof part);
    memcpy(part, path, size);
    part[size] = '\0';
    top = cJSON_GetObjectItemCaseSensitive(top, part);
    return path[size] && top ? at(top, path + size + 1) : top;
}

static void expect_text(const struct made *made, const char *path, const char *text)
{
    const cJSON *item = at(made->metadata, path);

    if (!cJSON_IsString(item)) {
        fail_msg("no text at %s", path);
    } else {
        assert_string_equal(item->valuestring, text);
    }
}

static void expect_number(const struct made *made, const char *path, double number)
{
    const cJSON *item = at(made->metadata, path);

    if (!cJSON_IsNumber(item)) {
        fail_msg("no number at %s", path);
    } else {
        assert_true(item->valuedouble == number);
    }
}

static void metadata_holds_all_inputs_of_the_image(void **unused)
{
    struct made made;

    (void)unused;
    begin(&made);
    make(&made);
    expect_text(&made, "provider", "openai");
    expect_text(&made, "model", "gpt-image-9");
    expect_text(&made, "task", "edit");
    expect_text(&made, "prompt", "A clay cup");
    expect_text(&made, "promptVersion", "a1b2c3d4e5f6");
    expect_text(&made, "template", "the batch's own");
    expect_text(&made, "quality", "high");
    expect_number(&made, "askedWidth", 1536);
    expect_number(&made, "askedHeight", 1024);
    expect_text(&made, "imageType", "LIFESTYLE");
    expect_text(&made, "style", "rustic");
    expect_text(&made, "marketplace", "walmart");
    expect_text(&made, "worker", "darkroom " DARKROOM_VERSION);
    expect_text(&made, "photo.url", "https://cdn.example.com/p.jpg");
    expect_text(&made, "photo.sha256", "55aa");
    expect_number(&made, "photo.bytes", 1234567);
    expect_number(&made, "photo.width", 4000);
    expect_text(&made, "batch.id", "b7-3f2a");
    expect_number(&made, "batch.item", 12);
    expect_number(&made, "batch.variant", 2);
    expect_number(&made, "calls", 2);
    expect_number(&made, "costUsd", 0.0415);
    assert_null(at(made.metadata, "module"));
    end(&made);
}

/* The names of darkroom.seller_metadata: only these reach the seller's browser. */
static void what_the_application_writes_itself_is_included(void **unused)
{
    static const struct image_rules with_features = { .format = "png", .needs_features = true };
    struct made made;
    struct brief *brief = &made.image_job.project.brief;

    (void)unused;
    begin(&made);
    made.image_job.rules = &with_features;
    brief->product_name = "Clay Cup";
    brief->kind = A_PLUS_MODULE;
    brief->features[0] = (struct feature){ "Keeps warm", "For an hour", 9, "cup" };
    brief->feature_count = 1;
    make(&made);
    expect_text(&made, "productName", "Clay Cup");
    expect_text(&made, "source", "aplus-generation");
    assert_int_equal(cJSON_GetArraySize(at(made.metadata, "features")), 1);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(at(made.metadata, "features")->child,
                                                         "title")
                            ->valuestring,
                        "Keeps warm");
    end(&made);
}

static void similarity_to_the_photo_is_included_if_known(void **unused)
{
    struct made made;

    (void)unused;
    begin(&made);
    make(&made);
    expect_number(&made, "likeness.score", 0.923);
    expect_number(&made, "likeness.colour", 3.142);
    assert_null(at(made.metadata, "likeness.shape")); /* one of the two is a scene */
    end(&made);
    begin(&made);
    made.image_job.similarity.shape = 0.75;
    make(&made);
    expect_number(&made, "likeness.shape", 0.75);
    end(&made);
    begin(&made);
    made.image_job.has_similarity = false;
    make(&made);
    assert_null(at(made.metadata, "likeness"));
    end(&made);
}

static void metadata_of_a_module_image_names_the_module(void **unused)
{
    struct made made;

    (void)unused;
    begin(&made);
    made.image_job.project.brief.kind = A_PLUS_MODULE;
    made.image_job.project.brief.module_request =
        (struct module_request){ 3, 1, "standard-three-images-text", "the lid", "Tight" };
    made.image_job.project.brief.batch = (struct batch_options){ "", "", "", "", 0, 0 };
    make(&made);
    expect_number(&made, "module.module", 3);
    expect_number(&made, "module.slot", 1);
    expect_text(&made, "module.moduleType", "standard-three-images-text");
    expect_text(&made, "module.description", "the lid");
    expect_text(&made, "module.headline", "Tight");
    expect_text(&made, "template", "a_plus_module");
    assert_null(at(made.metadata, "batch"));
    end(&made);
}

/* No model was called, so there is no prompt and no cost. */
static void a_local_cut_out_has_no_prompt_and_no_cost(void **unused)
{
    struct made made;

    (void)unused;
    begin(&made);
    made.image_job.local = true;
    make(&made);
    expect_text(&made, "model", "cut-out");
    expect_text(&made, "photo.sha256", "55aa");
    expect_number(&made, "costUsd", 0);
    assert_null(at(made.metadata, "prompt"));
    end(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_holds_all_inputs_of_the_image),
        cmocka_unit_test(what_the_application_writes_itself_is_included),
        cmocka_unit_test(similarity_to_the_photo_is_included_if_known),
        cmocka_unit_test(metadata_of_a_module_image_names_the_module),
        cmocka_unit_test(a_local_cut_out_has_no_prompt_and_no_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
