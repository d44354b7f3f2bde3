/* seller_advice.c - what to do about a missing image of a pack, by cause and by kind of error. */
#include "jobs/seller_advice.h"

#include "jobs/seller_message.h"

#define AGAIN_SINCE "Generate {what} again: "
#define AGAIN_LATER "Generate {what} again later."

static const char *const by_cause[CAUSE_COUNT] = {
    [CAUSE_PROJECT_UNAVAILABLE] = "Open the project and start again from there to get {what}.",
    [CAUSE_UNPAID] = "Start again from the project's page to get {what}.",
    [CAUSE_NO_PHOTO] = "Upload a photo of the product to get {what}.",
    [CAUSE_PHOTO_UNAVAILABLE] = "Upload the product photo again to get {what}.",
    [CAUSE_PHOTO_UNREADABLE] =
        "Upload the product photo again as a JPEG or PNG file to get {what}.",
    [CAUSE_PHOTO_TOO_LARGE] = "Upload a smaller version of the product photo to get {what}.",
    [CAUSE_PHOTO_BLANK] = "Upload a photo that shows the product to get {what}.",
#define FOREIGN(id, what, advice)                                                                  \
    [CAUSE_PHOTO_IS_##id] = "To get {what}, replace the product photo, which is " what "."         \
                            " " advice,
#include "image/inspect/foreign_formats.inc"
#undef FOREIGN
    [CAUSE_NO_MEASUREMENTS] = "Add the product's dimensions to its description to get {what}.",
    [CAUSE_UNCLEAR_MEASUREMENTS] = "Add to the description which measurement is the height, the "
                                   "width or the depth to get {what}.",
    [CAUSE_LETTERS] = "Change the letters of the product's text that cannot be printed to get "
                      "{what}.",
    [CAUSE_NO_CUT_OUT] =
        "Upload a photo of the product in front of a plain, bright backdrop to get {what}.",
    [CAUSE_NO_SCENES] = "Try again later to get {what}: images of the product in a scene are not "
                        "available at the moment.",
    [CAUSE_PRODUCT_TOO_SMALL] =
        "Upload a larger photo in which the product takes up most of the picture to get {what}.",
    [CAUSE_CHECK_dimensions] = AGAIN_SINCE "its size came out wrong.",
    [CAUSE_CHECK_ratio] = AGAIN_SINCE "it came out too wide or too tall.",
    [CAUSE_CHECK_blank] = "Upload a photo that shows the product clearly to get {what}.",
    [CAUSE_CHECK_alpha] = AGAIN_SINCE "it came out partly transparent.",
    [CAUSE_CHECK_white] = "Upload a photo in front of a plain, bright backdrop to get {what} with "
                          "a clean background.",
    [CAUSE_CHECK_fill] =
        "Upload a photo in which the product takes up most of the picture to get {what}.",
    [CAUSE_CHECK_centred] = "Upload a photo that shows the whole product to get {what}.",
    [CAUSE_CHECK_sharpness] = "Upload a sharper photo of the product to get {what}.",
    [CAUSE_CHECK_file_size] = AGAIN_SINCE "the file came out too large for the marketplace.",
    [CAUSE_CHECK_product_outline] =
        "Upload a photo that shows the whole product in front of a plain backdrop to get {what}.",
    [CAUSE_CHECK_product_colours] = "Upload a photo in even light to get {what} with the product's "
                                    "own colours.",
    [CAUSE_CHECK_product_details] =
        "Upload a sharper photo of the product's front, or try again, to get {what}.",
    [CAUSE_CHECK_product_alone] =
        "Upload a photo of the product alone, or try again, to get {what}.",
    [CAUSE_CHECK_marks] =
        "Upload a photo without a watermark, or try again, to get {what} without one.",
    [CAUSE_CHECK_painted_text] =
        "Shorten the features in the product's description, or try again, to get {what} with your "
        "own words.",
    [CAUSE_CHECK_product_in_scene] =
        "Upload a photo in which the product is easy to recognise to get {what}.",
    [CAUSE_CHECK_scene_product] =
        "Upload a photo that shows the whole product, or try again, to get {what} with it as it "
        "is.",
    [CAUSE_CHECK_scene_focus] =
        "Upload a larger photo, or try again, to get {what} with a clear product.",
    [CAUSE_CHECK_noise] = AGAIN_SINCE "it came out grainy.",
    [CAUSE_CHECK_focus] = "Upload a larger photo, or try again, to get {what} as clear as the "
                          "product's photo.",
    [CAUSE_CHECK_pixel_blocks] =
        "Upload a larger photo of the product, or try again, to get {what} without coarse areas.",
    [CAUSE_CHECK_flat_areas] = AGAIN_SINCE "a large part of it came out empty.",
    [CAUSE_CHECK_typeset_text] = AGAIN_SINCE "its text could not be read in front of the picture.",
    [CAUSE_CHECK_label_text] =
        "Upload a larger, sharper photo of the product's front to get {what} with the right words.",
    [CAUSE_CHECK_foreign_text] =
        "Upload a photo without words beside the product, or try again, to get {what}.",
};

static const char *const by_kind[ERROR_KINDS] = {
    [ERROR_NONE] = AGAIN_LATER,
    [ERROR_INPUT] = "Check the project's description and photo to get {what}.",
    [ERROR_CONFIG] = AGAIN_LATER,
    [ERROR_KEY] = AGAIN_LATER,
    [ERROR_QUOTA] = AGAIN_LATER,
    [ERROR_FORMAT] = AGAIN_LATER,
    [ERROR_REFUSED] =
        ("Change the product photo or the description to get {what}: the safety rules "
         "for generated content do not allow them as they are."),
    [ERROR_BUSY] = AGAIN_LATER,
    [ERROR_REMOTE] = AGAIN_LATER,
    [ERROR_NETWORK] = AGAIN_LATER,
    [ERROR_DATABASE] = AGAIN_LATER,
    [ERROR_OUTPUT] = "Check the product's photo and description, then generate {what} again.",
    [ERROR_LOST] = AGAIN_LATER,
    [ERROR_STOPPED] = AGAIN_LATER,
    [ERROR_INTERNAL] = AGAIN_LATER,
};

const char *seller_advice(const struct error *error)
{
    bool known = error->cause > CAUSE_UNKNOWN && error->cause < CAUSE_COUNT;
    enum error_kind kind = (unsigned)error->kind < ERROR_KINDS ? error->kind : ERROR_INTERNAL;

    return known && by_cause[error->cause] ? by_cause[error->cause] : by_kind[kind];
}
