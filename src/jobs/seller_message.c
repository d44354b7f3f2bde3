/* seller_message.c - what sellers read, by cause and by kind of error. */
#include "jobs/seller_message.h"

#include <string.h>

#include "image/image.h"
#include "image/inspect/foreign.h"

/* True while the job still retries and after it has failed for good: both show these sentences. */
#define TRY_AGAIN_LATER                                                                            \
    "It is tried again automatically a few times. If it has failed, start it again later."
#define UNAVAILABLE "Generation is temporarily unavailable. " TRY_AGAIN_LATER

static const char *const by_cause[CAUSE_COUNT] = {
    [CAUSE_PROJECT_UNAVAILABLE] = "The project was not found in your account. Open the project and "
                                  "start again from there.",
    [CAUSE_UNPAID] = "No credits were charged for this. Start it again from the project's page, "
                     "which charges them.",
    [CAUSE_NO_PHOTO] =
        "The project has no product photo. Upload a photo of the product, then try again.",
    [CAUSE_PHOTO_UNAVAILABLE] =
        "The product photo could not be opened. Upload the photo again, then try again.",
    [CAUSE_PHOTO_UNREADABLE] = "The product photo is damaged or in a format that is not supported. "
                               "Upload it again as a JPEG or PNG file.",
    [CAUSE_PHOTO_TOO_LARGE] =
        "The product photo is too large. Upload a smaller version of it, then try again.",
    [CAUSE_PHOTO_BLANK] = "The product photo shows one colour only. Upload a photo that shows the "
                          "product, then try again.",
#define FOREIGN(id, what, advice) [CAUSE_PHOTO_IS_##id] = "The product photo is " what ". " advice,
#include "image/inspect/foreign_formats.inc"
#undef FOREIGN
    [CAUSE_NO_MEASUREMENTS] =
        "The product description does not say how large the product is. Add its measurements to "
        "the description, for example \"24 x 7 x 7 cm\", then try again.",
    [CAUSE_UNCLEAR_MEASUREMENTS] =
        "The product description does not say which of its measurements is the height, the width "
        "or the depth. Name each of them, and the part that it belongs to, for example \"height "
        "24 cm, width 7 cm, handle length 12 cm\", then try again.",
    [CAUSE_LETTERS] = "Some letters of the product's text cannot be printed on the image. Change "
                      "them to other letters, then try again.",
    [CAUSE_NO_CUT_OUT] = "The product could not be separated from the background of the photo. "
                         "Upload a photo of the product in front of a plain, bright backdrop.",
    [CAUSE_NO_SCENES] = "Images that show the product in a scene are not available at the moment. "
                        "Generate the other types of images, or try again later.",
    [CAUSE_PRODUCT_TOO_SMALL] =
        "The product is too small in the photo. Upload a larger photo in which the product takes "
        "up most of the picture, then try again.",
    [CAUSE_CHECK_dimensions] = "The generated image came out too small or too large. Try again.",
    [CAUSE_CHECK_ratio] = "The generated image came out too wide or too tall. Try again.",
    [CAUSE_CHECK_blank] = "The generated image was almost empty. Upload a photo that shows the "
                          "product clearly, then try again.",
    [CAUSE_CHECK_alpha] = "The generated image came out partly transparent. Try again.",
    [CAUSE_CHECK_white] =
        "The background of the generated image is not clean enough for the marketplace. Upload a "
        "photo of the product in front of a plain, bright backdrop, then try again.",
    [CAUSE_CHECK_fill] =
        "The product came out too small or too large in the generated image. Upload a photo in "
        "which the product takes up most of the picture, then try again.",
    [CAUSE_CHECK_centred] = "The product is not in the middle of the generated image. Upload a "
                            "photo that shows the whole product, then try again.",
    [CAUSE_CHECK_sharpness] =
        "The generated image is blurred. Upload a sharper photo of the product, then try again.",
    [CAUSE_CHECK_file_size] =
        "The generated image is too large a file for the marketplace. Try again.",
    [CAUSE_CHECK_product_outline] =
        "The generated image did not show your product as it is in the photo. Upload a photo that "
        "shows the whole product in front of a plain backdrop, then try again.",
    [CAUSE_CHECK_product_colours] =
        "The product came out in other colours than in your photo. Upload a photo in even light, "
        "then try again.",
    [CAUSE_CHECK_product_details] = "The product came out turned, mirrored or with another print "
                                    "than in your photo. Try again, "
                                    "or upload a sharper photo of its front.",
    [CAUSE_CHECK_product_alone] =
        "The generated image showed other things next to the product. Try again, or upload a photo "
        "of the product alone.",
    [CAUSE_CHECK_marks] = "The generated image had a watermark or a logo on the product that your "
                          "photo does not show. Try again, or upload a photo without one.",
    [CAUSE_CHECK_product_in_scene] =
        "The generated scene did not show your product. Upload a photo that shows the product "
        "clearly, then try again.",
    [CAUSE_CHECK_scene_product] =
        "The product came out mirrored, turned, incomplete or twice in the generated scene. Try "
        "again, or upload a photo that shows the whole product.",
    [CAUSE_CHECK_scene_focus] = "The product came out blurred or covered in the generated scene. "
                                "Try again, or upload a larger photo.",
    [CAUSE_CHECK_noise] = "The generated image came out grainy. Try again, or upload a clearer "
                          "photo of the product.",
    [CAUSE_CHECK_focus] =
        "The product came out less clear than in your photo. Try again, or upload a larger photo.",
    [CAUSE_CHECK_pixel_blocks] =
        "The generated image came out coarse. Try again, or upload a larger photo of the product.",
    [CAUSE_CHECK_flat_areas] = "A large part of the generated image was empty. Try again.",
    [CAUSE_CHECK_typeset_text] =
        "The text on the image could not be read in front of its picture. Try again, or choose "
        "another style.",
    [CAUSE_CHECK_label_text] = "The words on the product came out wrong. Upload a larger, sharper "
                               "photo of its front, then "
                               "try again.",
    [CAUSE_CHECK_painted_text] =
        "The text in the generated image was not the text that you gave. Try again, or shorten the "
        "features in the product's description.",
    [CAUSE_CHECK_foreign_text] =
        "The generated image contains words that are not on the product. Try again, or upload a "
        "photo without words beside the product.",
};

static const char *const by_kind[ERROR_KINDS] = {
    [ERROR_NONE] = "Something went wrong on our side. " TRY_AGAIN_LATER,
    [ERROR_INPUT] =
        "Some of the product's details are missing or have changed. Check the project's "
        "description and photo, then start again.",
    [ERROR_CONFIG] = UNAVAILABLE,
    [ERROR_KEY] = UNAVAILABLE,
    [ERROR_QUOTA] = UNAVAILABLE,
    [ERROR_FORMAT] = UNAVAILABLE,
    [ERROR_REFUSED] = "The safety rules for generated content do not allow this product photo or "
                      "description. Change the photo or the description, then try again.",
    [ERROR_BUSY] = "Many images are being generated at the moment. " TRY_AGAIN_LATER,
    [ERROR_REMOTE] = "The service that generates the content had a problem. " TRY_AGAIN_LATER,
    [ERROR_NETWORK] = "The service that generates the content did not answer. " TRY_AGAIN_LATER,
    [ERROR_DATABASE] = UNAVAILABLE,
    [ERROR_OUTPUT] = "The generated content does not meet the marketplace's requirements. Check "
                     "the product's photo and description, then try again.",
    [ERROR_LOST] = "Generation was interrupted. " TRY_AGAIN_LATER,
    [ERROR_STOPPED] = "Generation was interrupted. " TRY_AGAIN_LATER,
    [ERROR_INTERNAL] = "Something went wrong on our side. " TRY_AGAIN_LATER,
};

enum seller_cause seller_cause_of_photo(int image_cause)
{
    int foreign = image_cause - IMAGE_FOREIGN;

    if (foreign > FOREIGN_UNKNOWN && foreign < FOREIGN_FORMATS) {
        return (enum seller_cause)(CAUSE_PHOTO_IS_empty + foreign - FOREIGN_empty);
    }
    return image_cause == IMAGE_TOO_LARGE ? CAUSE_PHOTO_TOO_LARGE : CAUSE_PHOTO_UNREADABLE;
}

enum seller_cause seller_cause_of_check(const char *check)
{
    static const struct {
        const char *check;
        enum seller_cause cause;
    } rows[] = {
#define CHECK(name) { #name, CAUSE_CHECK_##name },
#include "image/checks/checks.inc"
#undef CHECK
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].check, check) == 0) {
            return rows[i].cause;
        }
    }
    return CAUSE_UNKNOWN;
}

const char *seller_message(const struct error *error)
{
    bool known = error->cause > CAUSE_UNKNOWN && error->cause < CAUSE_COUNT;
    enum error_kind kind = (unsigned)error->kind < ERROR_KINDS ? error->kind : ERROR_INTERNAL;

    if (error->cause == (int)CAUSE_LETTERS && error->hint[0]) {
        return error->hint;
    }
    if (error->cause == ERROR_CAUSE_BACKGROUND) {
        return by_cause[CAUSE_NO_CUT_OUT];
    }
    return known && by_cause[error->cause] ? by_cause[error->cause] : by_kind[kind];
}
