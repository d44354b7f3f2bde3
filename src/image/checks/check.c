/* check.c - runs the checks that the rules name. */
#include "image/checks/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/checks/check_texts.h"
#include "image/product/product_light.h"
#include "image/product/product_locate.h"
#include "image/product/product_texture.h"
#include "image/product/product_tilt.h"

#define CHECK(name) extern const struct check check_##name;
#include "image/checks/checks.inc"
#undef CHECK

const struct check *const checks[] = {
#define CHECK(name) &check_##name,
#include "image/checks/checks.inc"
#undef CHECK
    NULL,
};

const struct check *check_find(const char *name)
{
    for (int i = 0; checks[i]; i++) {
        if (strcmp(checks[i]->name, name) == 0) {
            return checks[i];
        }
    }
    return NULL;
}

struct check_run {
    struct check_subject subject;
    const struct check_limits *limits;
    int count;
    struct check_finding *findings;
    struct ground ground;
    struct check_product product;
    bool sought; /* the product was looked for in the scene */
    struct check_texts texts;
};

/* Compares with the place of the photo that is most like the product of the image. */
static bool match_in_photo(struct check_product *product, const struct image *photo)
{
    struct product_found found;

    if (!product_locate(&product->view, photo, &found) ||
        !product_reference_take(&product->reference, found.box, &product->view)) {
        return false;
    }
    if (found.light.gain > 0) {
        product_reference_take_light(&product->reference, &found.light);
    }
    product->reference.view.has_backdrop = true;
    memcpy(product->reference.view.backdrop, found.backdrop, sizeof found.backdrop);
    product_match_in_light(&product->reference, &product->view, &product->match);
    product->match.overlap = found.overlap;
    product->match.absent = fmax(product->match.absent, found.absent);
    return true;
}

static void prepare_product(struct check_run *run)
{
    const struct check_subject *subject = &run->subject;
    struct check_product *product = &run->product;

    if (subject->photo) {
        product_reference_open(subject->photo, &product->reference);
    }
    product->has_view = subject->coverage &&
                        product_view_on_white(subject->image, subject->coverage, &product->view);
    product->has_match = product->has_view && product->reference.alone;
    if (product->has_match) {
        product_match_in_light(&product->reference, &product->view, &product->match);
        product_match_tilted(&product->reference, &product->view, &product->match);
    } else if (product->has_view && subject->photo) {
        product->has_match = match_in_photo(product, subject->photo);
    }
    run->subject.product = product;
}

/* An image whose product has a coverage is no scene. */
static void prepare_scene(struct check_run *run)
{
    const struct check_subject *subject = &run->subject;
    struct product_view rough;
    const struct product_view *view = subject->photo && !subject->coverage
                                          ? product_reference_view(&run->product.reference, &rough)
                                          : NULL;

    run->product.has_scene = view && scene_product_find(view, subject->image, &run->product.scene);
    run->sought = true;
}

static void prepare(struct check_run *run, const struct check *check)
{
    struct check_subject *subject = &run->subject;

    if (check->needs_ground && !subject->ground &&
        ground_find(subject->image, subject->coverage, &run->ground)) {
        subject->ground = &run->ground;
    }
    if (check->needs_product && !subject->product) {
        prepare_product(run);
    }
    if (check->needs_scene && !run->sought) {
        prepare_scene(run);
    }
}

/* Sets the place of a finding to the product in both images, unless the check has set it. */
static void complete_place(const struct check_run *run, const struct check *check,
                           struct check_finding *finding)
{
    const struct check_subject *subject = &run->subject;
    struct check_place *place = &finding->place;

    if (place->in_image || !check->needs_product || !run->product.has_match) {
        return;
    }
    place->in_image = place->in_photo = true;
    place->image = product_box_of(subject->coverage, subject->image->width, subject->image->height);
    place->photo = run->product.reference.box;
}

/* Runs the checks that are slow, or those that are not. Returns the first finding that failed. */
static const struct check_finding *run_some(struct check_run *run, bool slow)
{
    const struct check_finding *failed = NULL;

    for (int i = 0; i < run->count; i++) {
        const struct check *check = check_find(run->limits[i].check);
        struct check_finding *finding = &run->findings[i];

        if (check->slow != slow) {
            continue;
        }
        prepare(run, check);
        check->run(&run->subject, run->limits[i].limits, finding);
        if (finding->passed) {
            finding->place = (struct check_place){ 0 };
        } else {
            complete_place(run, check, finding);
            failed = failed ? failed : finding;
        }
    }
    return failed;
}

static bool run_all(struct check_run *run, struct error *err)
{
    const struct check_finding *failed = run_some(run, false);

    failed = failed ? failed : run_some(run, true);
    return !failed ||
           error_set(err, ERROR_OUTPUT, "check '%s': %s", failed->check, failed->message);
}

bool checks_run(const struct check_subject *subject, const struct check_limits *limits, int count,
                struct check_finding *findings, struct error *err)
{
    struct check_run *run = xcalloc(1, sizeof *run);
    bool good;

    *run = (struct check_run){
        .subject = *subject, .limits = limits, .count = count, .findings = findings
    };
    run->subject.texts = &run->texts;
    for (int i = 0; i < count; i++) {
        const struct check *check = check_find(limits[i].check);

        if (!check) {
            free(run);
            return error_set(err, ERROR_CONFIG, "rules.json: unknown check '%.40s'",
                             limits[i].check);
        }
        findings[i] = (struct check_finding){ .check = check->name };
        if (check->slow) {
            findings[i].passed = true;
            snprintf(findings[i].message, sizeof findings[i].message,
                     "not performed: another check failed");
        }
    }
    good = run_all(run, err);
    product_reference_close(&run->product.reference);
    check_texts_free(&run->texts);
    free(run);
    return good;
}
