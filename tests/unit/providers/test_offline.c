/* The offline provider: each kind of picture at the size asked for, always the same; text that
 * passes every rule, whatever the project's words are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "image/image.h"
#include "model/aplus.h"
#include "model/features.h"
#include "providers/provider.h"

static const struct model model = { .id = "offline-image" };

struct asked { /* an request, and what came */
    struct brief brief;
    struct request_photo photo;
    struct model_request request;
    struct model_result result;
    struct error err;
    bool good;
};

static void begin(struct asked *asked)
{
    const struct embedded *photo = embed_find("assets/demo/product.jpg");

    *asked = (struct asked){
        .brief = { .product_name = "Steel Bottle",
                   .description = "Double walls of steel keep drinks cold. The lid closes tight. "
                                  "A wide mouth takes ice. 24 x 7 cm. It fits a bag.",
                   .category = "Drinkware",
                   .style = "",
                   .brand = { .name = "Bo", .primary = "#14515a", .secondary = "", .accent = "" } },
        .photo = { .bytes = blob_view(photo->data, photo->size),
                   .content_type = "image/jpeg",
                   .filename = "product.jpg" },
    };
    asked->request = (struct model_request){ .task = TASK_EDIT,
                                             .model = &model,
                                             .prompt = "",
                                             .key = "k",
                                             .photo_count = 1,
                                             .arena = arena_new() };
}

static void ask(struct asked *asked)
{
    const struct provider *provider = provider_find("offline");
    struct model_request *request = &asked->request;
    struct op op = { 0 };

    request->brief = &asked->brief;
    request->photos = &asked->photo;
    asked->brief.dimension_count =
        dimensions_find(asked->brief.description, request->arena, asked->brief.dimensions, 8);
    asked->good = provider->request(request, &op, &asked->err) && op.kind == OP_WORK &&
                  op.work.run(op.work.arg, &asked->err) &&
                  provider->read_response(request, &op, &asked->result, &asked->err) == READ_DONE;
    op_clear(&op);
}

static void end(struct asked *asked)
{
    blob_free(&asked->result.content);
    arena_free(asked->request.arena);
}

static void each_kind_at_each_size(void **unused)
{
    static const struct size sizes[] = { { 480, 480 }, { 300, 520 } };
    struct blob files[IMAGE_KINDS] = { 0 };

    (void)unused;
    for (int kind = 0; kind < IMAGE_KINDS; kind++) {
        for (size_t s = 0; s < 2; s++) {
            struct asked asked;
            struct image image;
            struct image_facts facts;

            begin(&asked);
            asked.brief.kind = (enum image_kind)kind;
            asked.request.size = sizes[s];
            ask(&asked);
            assert_true(asked.good);
            assert_string_equal(asked.result.content_type, "image/png");
            assert_true(image_decode(&asked.result.content, NULL, &image, &facts, &asked.err));
            assert_int_equal(image.width, sizes[s].width);
            assert_int_equal(image.height, sizes[s].height);
            assert_int_equal(image.channels, 3);
            assert_true(facts.provenance); /* made by a program: it says so */
            image_free(&image);
            if (s == 0) {
                files[kind] = blob_move(&asked.result.content);
            }
            end(&asked);
        }
        for (int other = 0; other < kind; other++) {
            assert_false(files[kind].size == files[other].size &&
                         memcmp(files[kind].data, files[other].data, files[kind].size) == 0);
        }
    }
    for (int kind = 0; kind < IMAGE_KINDS; kind++) {
        blob_free(&files[kind]);
    }
}

static void the_same_order_gives_the_same_bytes(void **unused)
{
    struct asked one, two;

    (void)unused;
    begin(&one);
    begin(&two);
    one.brief.kind = two.brief.kind = LIFESTYLE;
    one.request.size = two.request.size = (struct size){ 640, 400 };
    ask(&one);
    ask(&two);
    assert_true(one.good && two.good);
    assert_int_equal(one.result.content.size, two.result.content.size);
    assert_memory_equal(one.result.content.data, two.result.content.data, one.result.content.size);
    assert_string_equal(one.result.request_id, two.result.request_id);
    assert_true(one.result.usage.image_out == 0);
    end(&one);
    end(&two);
}

static void transparent_has_holes(void **unused)
{
    struct asked asked;
    struct image image;

    (void)unused;
    begin(&asked);
    asked.brief.kind = MAIN_IMAGE;
    asked.request.size = (struct size){ 500, 500 };
    asked.request.transparent = true;
    ask(&asked);
    assert_true(asked.good);
    assert_true(image_decode(&asked.result.content, NULL, &image, NULL, &asked.err));
    assert_int_equal(image.channels, 4);
    assert_int_equal(image.pixels[3], 0);                                   /* a corner */
    assert_int_equal(image.pixels[((size_t)250 * 500 + 250) * 4 + 3], 255); /* the middle */
    image_free(&image);
    end(&asked);
}

static void photos_that_are_none(void **unused)
{
    struct asked asked;

    (void)unused;
    for (int kind = 0; kind < IMAGE_KINDS; kind++) { /* no photo: its name stands in */
        begin(&asked);
        asked.brief.kind = (enum image_kind)kind;
        asked.brief.product_name = "\xc3\x9c"
                                   "bertopf";
        asked.request.size = (struct size){ 400, 300 };
        asked.request.photo_count = 0;
        ask(&asked);
        assert_true(asked.good);
        end(&asked);
    }
    begin(&asked);
    asked.photo.bytes = blob_text("no picture");
    asked.request.size = (struct size){ 400, 300 };
    ask(&asked);
    assert_false(asked.good);
    assert_int_equal(asked.err.kind, ERROR_INPUT);
    end(&asked);
}

static const char *repeated(const char *piece, int times, struct arena *arena)
{
    char *out = arena_alloc(arena, strlen(piece) * (size_t)times + 1);

    out[0] = '\0';
    for (int i = 0; i < times; i++) {
        strcat(out, piece);
    }
    return out;
}

static void text_of(struct asked *asked, const char *schema, char **out)
{
    asked->request.task = TASK_TEXT;
    asked->request.schema_name = schema;
    ask(asked);
    assert_true(asked->good);
    *out =
        arena_bytes(asked->request.arena, asked->result.content.data, asked->result.content.size);
    blob_free(&asked->result.content);
}

/* Any project gets features and A+ content that pass all our rules. */
static void text_passes_for(const char *name, const char *description, const char *category)
{
    struct asked asked;
    const char *canonical, *faults;
    struct aplus content;
    char *json;

    begin(&asked);
    asked.brief.product_name = name;
    asked.brief.description = description;
    asked.brief.category = category;
    text_of(&asked, "features", &json);
    if (!features_read(json, asked.request.arena, &asked.brief, &canonical, &asked.err)) {
        fail_msg("features of '%.40s': %s", name, asked.err.text);
    }
    for (int premium = 0; premium < 2; premium++) {
        text_of(&asked, premium ? "aplus_premium" : "aplus", &json);
        if (!aplus_read(json, premium, asked.request.arena, &content, &faults, &asked.err)) {
            fail_msg("A+ of '%.40s': %s", name, faults);
        }
        assert_true(content.request_count >= 4);
    }
    end(&asked);
}

static void text_passes_every_rule(void **unused)
{
    struct arena *arena = arena_new();

    (void)unused;
    text_passes_for("Steel Bottle", "Keeps drinks cold. Closes tight. 24 x 7 cm.", "Drinkware");
    text_passes_for("Cup", "", "");
    text_passes_for("X", "a. b! c? d", "Y");
    text_passes_for("Amazon best seller cup",
                    "BEST SELLER!!! Only $12.99! Free shipping. 5-star "
                    "reviews from customers. Better than competitors.",
                    "Sale");
    text_passes_for("\xe7\x9c\x9f\xe7\xa9\xba\xe3\x83\x9c\xe3\x83\x88\xe3\x83\xab",
                    "\xe8\xbb\xbd\xe3\x81\x84\xe3\x80\x82\xe5\xba\x83\xe5\x8f\xa3\xe3\x80\x82", "");
    text_passes_for(repeated("Long name ", 60, arena), repeated("Very long words. ", 400, arena),
                    repeated("Cat", 100, arena));
    text_passes_for("One", repeated("nospaceatall", 400, arena), "C");
    text_passes_for("Quote \"x\" <b>", "It is \"good\" & <i>fine</i>.\n\n\tIt {{name}} holds %s.",
                    "A&B");
    arena_free(arena);
}

static void titles_name_the_matter(void **unused)
{
    struct asked asked;
    char *json;

    (void)unused;
    begin(&asked);
    asked.brief.description =
        "Double-wall vacuum insulation keeps drinks cold for 24 hours. The body "
        "is 18/8 stainless steel with a coat. It weighs 390 g and fits a bag. "
        "Every part can be rinsed by hand in a minute.";
    text_of(&asked, "features", &json);
    assert_non_null(strstr(json, "\"title\":\"Double-Wall Vacuum Insulation\""));
    assert_non_null(strstr(json, "\"title\":\"18/8 Stainless Steel\""));
    assert_non_null(strstr(json, "\"title\":\"Weighs 390 g\""));
    assert_non_null(strstr(json, "\"title\":\"Rinsed by Hand\""));
    end(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_at_each_size),
        cmocka_unit_test(the_same_order_gives_the_same_bytes),
        cmocka_unit_test(transparent_has_holes),
        cmocka_unit_test(photos_that_are_none),
        cmocka_unit_test(text_passes_every_rule),
        cmocka_unit_test(titles_name_the_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
