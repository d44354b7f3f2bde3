/* test_offline.c - the offline provider: images have the requested size and equal requests give
 * equal images; its text passes all rules, whatever the project's description contains. */
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

struct exchange { /* a request and its result */
    struct brief brief;
    struct request_photo photo;
    struct model_request request;
    struct model_result result;
    struct error err;
    bool good;
};

static void begin(struct exchange *exchange)
{
    const struct embedded *photo = embed_find("assets/demo/product.jpg");

    *exchange = (struct exchange){
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
    exchange->request = (struct model_request){ .task = TASK_EDIT,
                                                .model = &model,
                                                .prompt = "",
                                                .key = "k",
                                                .photo_count = 1,
                                                .arena = arena_new() };
}

static void perform(struct exchange *exchange)
{
    const struct provider *provider = provider_find("offline");
    struct model_request *request = &exchange->request;
    struct op op = { 0 };

    request->brief = &exchange->brief;
    request->photos = &exchange->photo;
    exchange->brief.dimension_count =
        dimensions_find(exchange->brief.description, "", request->arena, exchange->brief.dimensions,
                        8);
    exchange->good =
        provider->request(request, &op, &exchange->err) && op.kind == OP_WORK &&
        op.work.run(op.work.arg, &exchange->err) &&
        provider->read_response(request, &op, &exchange->result, &exchange->err) == READ_DONE;
    op_clear(&op);
}

static void clear(struct exchange *exchange)
{
    blob_free(&exchange->result.content);
    arena_free(exchange->request.arena);
}

static void each_kind_is_drawn_at_each_size(void **state)
{
    static const struct size sizes[] = { { 480, 480 }, { 300, 520 } };

    (void)state;
    for (int kind = 0; kind < IMAGE_KINDS; kind++) {
        for (size_t s = 0; s < 2; s++) {
            struct exchange exchange;
            struct image image;
            struct image_facts facts;

            begin(&exchange);
            exchange.brief.kind = (enum image_kind)kind;
            exchange.request.size = sizes[s];
            perform(&exchange);
            assert_true(exchange.good);
            assert_string_equal(exchange.result.content_type, "image/png");
            assert_true(
                image_decode(&exchange.result.content, NULL, &image, &facts, &exchange.err));
            assert_int_equal(image.width, sizes[s].width);
            assert_int_equal(image.height, sizes[s].height);
            assert_int_equal(image.channels, 3);
            assert_true(facts.ai_mark); /* marked as made by a program */
            image_free(&image);
            clear(&exchange);
        }
    }
}

/* A composed image gets a picture of the product: alone, in a studio, or from near. */
static void plates_are_drawn_as_requested(void **state)
{
    static const struct plate_request plates[] = {
        { .cut_out = true, .scene = "", .width = 1, .height = 1 },
        { .scene = "in a studio", .left = 0.3, .top = 0.1, .width = 0.4, .height = 0.8 },
        { .close = true, .scene = "in a studio", .width = 1, .height = 1 },
    };
    struct image images[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct exchange exchange;

        begin(&exchange);
        exchange.brief.kind = INFOGRAPHIC;
        exchange.brief.plate = plates[i];
        exchange.request.size = (struct size){ 480, 480 };
        exchange.request.transparent = plates[i].cut_out;
        perform(&exchange);
        assert_true(exchange.good);
        assert_true(image_decode(&exchange.result.content, NULL, &images[i], NULL, &exchange.err));
        assert_int_equal(images[i].channels, plates[i].cut_out ? 4 : 3);
        clear(&exchange);
    }
    assert_int_equal(images[0].pixels[3], 0); /* nothing behind the product */
    assert_memory_not_equal(images[1].pixels, images[2].pixels, (size_t)480 * 480 * 3);
    for (int i = 0; i < 3; i++) {
        image_free(&images[i]);
    }
}

static void equal_requests_give_equal_bytes(void **state)
{
    struct exchange one, two;

    (void)state;
    begin(&one);
    begin(&two);
    one.brief.kind = two.brief.kind = LIFESTYLE;
    one.request.size = two.request.size = (struct size){ 640, 400 };
    perform(&one);
    perform(&two);
    assert_true(one.good && two.good);
    assert_int_equal(one.result.content.size, two.result.content.size);
    assert_memory_equal(one.result.content.data, two.result.content.data, one.result.content.size);
    assert_string_equal(one.result.request_id, two.result.request_id);
    assert_true(one.result.usage.image_out == 0);
    clear(&one);
    clear(&two);
}

static void transparent_image_has_no_background(void **state)
{
    struct exchange exchange;
    struct image image;

    (void)state;
    begin(&exchange);
    exchange.brief.kind = MAIN_IMAGE;
    exchange.request.size = (struct size){ 500, 500 };
    exchange.request.transparent = true;
    perform(&exchange);
    assert_true(exchange.good);
    assert_true(image_decode(&exchange.result.content, NULL, &image, NULL, &exchange.err));
    assert_int_equal(image.channels, 4);
    assert_int_equal(image.pixels[3], 0);                                   /* a corner */
    assert_int_equal(image.pixels[((size_t)250 * 500 + 250) * 4 + 3], 255); /* the middle */
    image_free(&image);
    clear(&exchange);
}

/* Stripes up to the edge: there is no backdrop. */
static struct blob photo_without_backdrop(void)
{
    struct image image;
    struct blob out;
    struct error err;

    assert_true(image_new(300, 300, 3, &image, &err));
    for (int i = 0; i < 300 * 300; i++) {
        memset(image.pixels + (size_t)i * 3, i % 300 / 15 % 2 ? 30 + i / 300 / 3 : 200, 3);
    }
    assert_true(image_encode_png(&image, false, &out, &err));
    image_free(&image);
    return out;
}

static void main_image_and_diagram_need_a_product_without_its_backdrop(void **state)
{
    static const enum image_kind kinds[] = { MAIN_IMAGE, DIMENSION_DIAGRAM, LIFESTYLE };
    struct blob photo = photo_without_backdrop();

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct exchange exchange;

        begin(&exchange);
        exchange.brief.kind = kinds[i];
        exchange.photo.bytes = blob_view(photo.data, photo.size);
        exchange.request.size = (struct size){ 400, 300 };
        perform(&exchange);
        assert_int_equal(exchange.good, kinds[i] == LIFESTYLE);
        assert_true(exchange.good || exchange.err.cause == ERROR_CAUSE_BACKGROUND);
        clear(&exchange);
    }
    blob_free(&photo);
}

static void missing_photo_is_replaced_and_invalid_photo_is_rejected(void **state)
{
    struct exchange exchange;

    (void)state;
    for (int kind = 0; kind < IMAGE_KINDS;
         kind++) { /* no photo: the initial of the name is drawn */
        begin(&exchange);
        exchange.brief.kind = (enum image_kind)kind;
        exchange.brief.product_name = "\xc3\x9c"
                                      "bertopf";
        exchange.request.size = (struct size){ 400, 300 };
        exchange.request.photo_count = 0;
        perform(&exchange);
        assert_true(exchange.good);
        clear(&exchange);
    }
    begin(&exchange);
    exchange.photo.bytes = blob_text("not an image");
    exchange.request.size = (struct size){ 400, 300 };
    perform(&exchange);
    assert_false(exchange.good);
    assert_int_equal(exchange.err.kind, ERROR_INPUT);
    clear(&exchange);
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

static void text_of(struct exchange *exchange, const char *schema, char **out)
{
    exchange->request.task = TASK_TEXT;
    exchange->request.schema_name = schema;
    perform(exchange);
    assert_true(exchange->good);
    *out = arena_bytes(exchange->request.arena, exchange->result.content.data,
                       exchange->result.content.size);
    blob_free(&exchange->result.content);
}

/* Writes features and A+ content for a project, and checks them against all rules. */
static void assert_text_passes(const char *name, const char *description, const char *category)
{
    struct exchange exchange;
    const char *canonical, *faults;
    struct aplus content;
    char *json;

    begin(&exchange);
    exchange.brief.product_name = name;
    exchange.brief.description = description;
    exchange.brief.category = category;
    text_of(&exchange, "features", &json);
    if (!features_read(json, exchange.request.arena, &exchange.brief, &canonical, &exchange.err)) {
        fail_msg("features of '%.40s': %s", name, exchange.err.text);
    }
    for (int premium = 0; premium < 2; premium++) {
        text_of(&exchange, premium ? "aplus_premium" : "aplus", &json);
        if (!aplus_read(json, premium, &exchange.brief, exchange.request.arena, &content, &faults,
                        &exchange.err)) {
            fail_msg("A+ of '%.40s': %s", name, faults);
        }
        assert_true(content.request_count >= 4);
    }
    clear(&exchange);
}

static void text_passes_all_rules(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    assert_text_passes("Steel Bottle", "Keeps drinks cold. Closes tight. 24 x 7 cm.", "Drinkware");
    assert_text_passes("Cup", "", "");
    assert_text_passes("X", "a. b! c? d", "Y");
    assert_text_passes("Amazon best seller cup",
                       "BEST SELLER!!! Only $12.99! Free shipping. 5-star "
                       "reviews from customers. Better than competitors.",
                       "Sale");
    assert_text_passes("\xe7\x9c\x9f\xe7\xa9\xba\xe3\x83\x9c\xe3\x83\x88\xe3\x83\xab",
                       "\xe8\xbb\xbd\xe3\x81\x84\xe3\x80\x82\xe5\xba\x83\xe5\x8f\xa3\xe3\x80\x82",
                       "");
    assert_text_passes(repeated("Long name ", 60, arena), repeated("Very long words. ", 400, arena),
                       repeated("Cat", 100, arena));
    assert_text_passes("One", repeated("nospaceatall", 400, arena), "C");
    assert_text_passes("Quote \"x\" <b>",
                       "It is \"good\" & <i>fine</i>.\n\n\tIt {{name}} holds %s.", "A&B");
    arena_free(arena);
}

static void titles_name_the_subject_of_the_sentence(void **state)
{
    struct exchange exchange;
    char *json;

    (void)state;
    begin(&exchange);
    exchange.brief.description =
        "Double-wall vacuum insulation keeps drinks cold for 24 hours. The body "
        "is 18/8 stainless steel with a coat. It weighs 390 g and fits a bag. "
        "Every part can be rinsed by hand in a minute.";
    text_of(&exchange, "features", &json);
    assert_non_null(strstr(json, "\"title\":\"Double-Wall Vacuum Insulation\""));
    assert_non_null(strstr(json, "\"title\":\"18/8 Stainless Steel\""));
    assert_non_null(strstr(json, "\"title\":\"Weighs 390 g\""));
    assert_non_null(strstr(json, "\"title\":\"Rinsed by Hand\""));
    clear(&exchange);
}

static void measure_without_words_gives_no_broken_title(void **state)
{
    struct exchange exchange;
    char *json;

    (void)state;
    begin(&exchange);
    exchange.brief.description = "A shoe with a cushioned sole. 30 x 11 x 12 cm. Heel: 4 cm.";
    text_of(&exchange, "features", &json);
    assert_null(strstr(json, "\"title\":\"30"));
    assert_non_null(strstr(json, "\"title\":\"Heel"));
    clear(&exchange);
}

static void the_name_of_the_product_is_no_feature(void **state)
{
    struct exchange exchange;
    char *json;

    (void)state;
    begin(&exchange);
    exchange.brief.product_name = "Blue hoodie";
    exchange.brief.description = "Blue hoodie made of 100% organic cotton. Ribbed cuffs and hem.";
    text_of(&exchange, "features", &json);
    assert_null(strstr(json, "\"title\":\"Blue Hoodie\""));
    assert_non_null(strstr(json, "\"title\":\"100% Organic Cotton\""));
    clear(&exchange);
}

static void a_fact_is_stated_once(void **state)
{
    struct exchange exchange;
    char *json;

    (void)state;
    begin(&exchange);
    exchange.brief.description = "A mug of clay. Height 9.5 cm.";
    text_of(&exchange, "features", &json);
    assert_non_null(strstr(json, "\"title\":\"Height 9.5"));
    assert_null(strstr(json, "Measures 9.5"));
    clear(&exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_drawn_at_each_size),
        cmocka_unit_test(plates_are_drawn_as_requested),
        cmocka_unit_test(equal_requests_give_equal_bytes),
        cmocka_unit_test(transparent_image_has_no_background),
        cmocka_unit_test(main_image_and_diagram_need_a_product_without_its_backdrop),
        cmocka_unit_test(missing_photo_is_replaced_and_invalid_photo_is_rejected),
        cmocka_unit_test(text_passes_all_rules),
        cmocka_unit_test(titles_name_the_subject_of_the_sentence),
        cmocka_unit_test(measure_without_words_gives_no_broken_title),
        cmocka_unit_test(a_fact_is_stated_once),
        cmocka_unit_test(the_name_of_the_product_is_no_feature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
