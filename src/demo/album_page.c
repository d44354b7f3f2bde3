/* album_page.c - fills the placeholders of assets/album.html, such as {{images}}, from a record. */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "demo/album.h"
#include "demo/album_modules.h"
#include "demo/record.h"
#include "demo/rejections/album_rejections.h"
#include "image/checks/check_results.h"

enum { PLACEHOLDER_BYTES = 32, CARD_HEIGHT = 300 };

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void add_title(const cJSON *row, struct text *out)
{
    char title[80];

    demo_record_title(row, title, sizeof title);
    title[0] = (char)(title[0] >= 'a' && title[0] <= 'z' ? title[0] - 32 : title[0]);
    text_add_html(out, title);
}

static void add_product(const cJSON *record, struct text *out)
{
    const char *name = json_peek_text(member(record, "project"), "productName");

    text_add_html(out, name ? name : "Product");
}

static void add_facts(const cJSON *record, struct text *out)
{
    const cJSON *made = member(record, "made");
    const char *provider = json_peek_text(made, "provider");
    const char *marketplace = json_peek_text(made, "marketplace");

    double seconds = json_peek_number(member(record, "seconds"), "jobs", -1);

    text_printf(out, "%d jobs", cJSON_GetArraySize(member(record, "jobs")));
    if (seconds >= 0) { /* not known for one of several products */
        text_printf(out, " in %.1f s", seconds);
    }
    text_add(out, " \xc2\xb7 provider ");
    text_add_html(out, provider ? provider : "unknown");
    text_add(out, " \xc2\xb7 image rules: ");
    text_add_html(out, marketplace ? marketplace : "no marketplace");
}

static void add_status(const cJSON *record, struct text *out)
{
    bool complete = demo_record_complete(record);
    char status[40];

    demo_record_status(record, status, sizeof status);
    text_printf(out, "<span class=\"status%s\">%s %s</span>", complete ? "" : " bad",
                complete ? "\xe2\x9c\x93" : "\xe2\x9c\x97", status);
}

/* -- images ---------------------------------------------------------------------------------- */

static void add_checks(const cJSON *image, struct text *out)
{
    struct check_result lines[CHECK_RESULTS_MAX];
    int count = check_results_read(image, lines);
    char size[40];

    bytes_text(json_peek_number(image, "bytes", 0), size, sizeof size);
    text_printf(out, "<p class=\"sum dim\"><span>%.0f \xc3\x97 %.0f \xc2\xb7 %s</span>",
                json_peek_number(image, "width", 0), json_peek_number(image, "height", 0), size);
    if (count > 0) {
        int passed = check_results_passed(lines, count);

        text_printf(out, "<span class=\"%s\">%d of %d checks passed</span>",
                    passed == count ? "good" : "bad", passed, count);
    }
    text_add(out, "</p><ul class=\"checks\">");
    for (int i = 0; i < count; i++) {
        text_printf(out, "<li class=\"%s\" title=\"", lines[i].passed ? "" : "bad");
        text_add_html(out, lines[i].message);
        text_printf(out, "\"><span class=\"mark %s\">%s</span>", lines[i].passed ? "good" : "bad",
                    lines[i].passed ? "\xe2\x9c\x93" : "\xe2\x9c\x97");
        text_add_html(out, lines[i].name);
        text_add(out, "<b>");
        text_add_html(out, lines[i].value);
        text_add(out, "</b></li>");
    }
    text_add(out, "</ul>");
}

/* Returns width divided by height, or 1 if the image is missing or extremely long. */
static double aspect_ratio(const cJSON *image)
{
    double ratio =
        json_peek_number(image, "width", 0) / (json_peek_number(image, "height", 0) + 1e-9);

    return ratio > 0.2 && ratio < 5 ? ratio : 1;
}

static const cJSON *job_of_image(const cJSON *record, const cJSON *image)
{
    const char *id = json_peek_text(image, "job");
    const cJSON *job;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        const char *other = json_peek_text(job, "id");

        if (id && other && strcmp(id, other) == 0) {
            return job;
        }
    }
    return NULL;
}

/* Sets the card's width in proportion to its image, so that the images of a row have one height. */
static void add_card(const cJSON *record, const cJSON *image, struct text *out)
{
    const char *file = json_peek_text(image, "file");
    double ratio = aspect_ratio(image);

    text_printf(out, "<figure class=\"card\" style=\"margin:0;flex:%.3f 1 %.0fpx\"><a href=\"",
                ratio, ratio * CARD_HEIGHT);
    text_add_html(out, file ? file : "");
    text_add(out, "\"><img src=\"");
    text_add_html(out, file ? file : "");
    text_printf(out, "\" width=\"%.0f\" height=\"%.0f\" alt=\"",
                json_peek_number(image, "width", 0), json_peek_number(image, "height", 0));
    add_title(image, out);
    text_add(out, "\"></a><div class=\"about\"><h3>");
    add_title(image, out);
    text_add(out, "</h3>");
    add_checks(image, out);
    album_rejections(job_of_image(record, image), false, out);
    text_add(out, "</div></figure>\n");
}

static void add_failed_card(const cJSON *job, struct text *out)
{
    const char *error = json_peek_text(job, "message");

    text_printf(out, "<div class=\"card\" style=\"flex:1 1 %dpx\"><div class=\"about\"><h3>",
                CARD_HEIGHT);
    add_title(job, out);
    text_add(out, "</h3><p class=\"why bad\">\xe2\x9c\x97 ");
    text_add_html(out, error ? error : "failed");
    text_add(out, "</p>");
    album_rejections(job, true, out);
    text_add(out, "</div></div>\n");
}

static bool is_failed(const cJSON *job)
{
    const char *status = json_peek_text(job, "status");

    return status && strcmp(status, "failed") == 0;
}

/* Adds square images, then upright, then wide ones, so that the images of a row have similar
 * shapes. Images of modules are left out: album_modules shows them. */
static void add_images(const cJSON *record, struct text *out)
{
    static const double from[] = { 0.8, 0, 1.3 }, to[] = { 1.3, 0.8, 100 };
    const cJSON *row;

    for (int group = 0; group < 3; group++) {
        cJSON_ArrayForEach(row, member(record, "images"))
        {
            double ratio = aspect_ratio(row);

            if (ratio >= from[group] && ratio < to[group] && json_peek_int(row, "module", -1) < 0) {
                add_card(record, row, out);
            }
        }
    }
    cJSON_ArrayForEach(row, member(record, "jobs"))
    {
        if (json_peek_text(row, "image") && is_failed(row)) {
            add_failed_card(row, out);
        }
    }
}

/* -- tables ---------------------------------------------------------------------------------- */

static void add_calls(const cJSON *job, struct text *out)
{
    const cJSON *call;
    bool first = true;

    if (cJSON_GetArraySize(member(job, "calls")) == 0) {
        text_add(out, "<span class=\"dim\">none</span>");
    }
    cJSON_ArrayForEach(call, member(job, "calls"))
    {
        const char *model = json_peek_text(call, "model");
        const char *outcome = json_peek_text(call, "outcome");

        text_add(out, first ? "" : "<br>");
        text_add_html(out, model ? model : "");
        text_add(out, ": ");
        text_add_html(out, outcome ? outcome : "");
        text_printf(out, " <span class=\"dim\">%.0f ms", json_peek_number(call, "ms", 0));
        if (json_peek_number(call, "usd", 0) > 0) {
            text_printf(out, ", %.4f USD", json_peek_number(call, "usd", 0));
        }
        text_add(out, "</span>");
        first = false;
    }
}

static void add_jobs(const cJSON *record, struct text *out)
{
    const cJSON *job;

    cJSON_ArrayForEach(job, member(record, "jobs"))
    {
        const char *status = json_peek_text(job, "status"), *error = json_peek_text(job, "message");

        text_add(out, "<tr><td>");
        add_title(job, out);
        text_printf(out, "</td><td><span class=\"%s\">", is_failed(job) ? "bad" : "good");
        text_add_html(out, status ? status : "");
        text_add(out, "</span>");
        if (error && *error) {
            text_add(out, "<br>");
            text_add_html(out, error);
        }
        text_printf(out,
                    "</td><td class=\"n\">%.2f s</td><td class=\"n\">%lld</td><td class=\"c\">",
                    json_peek_number(job, "seconds", 0),
                    (long long)json_peek_int(job, "retries", 0));
        add_calls(job, out);
        text_add(out, "</td></tr>\n");
    }
}

/* A pack that is not part of an application has no credits. */
static void add_ledger(const cJSON *record, struct text *out)
{
    const cJSON *entry;

    if (cJSON_GetArraySize(member(record, "sums")) == 0) {
        return;
    }
    text_add(out, "<section><h2>Credits</h2><div class=\"scroll\"><table>\n<tr><th>Description</th>"
                  "<th class=\"n\">Credits</th><th class=\"n\">Balance</th></tr>\n");
    cJSON_ArrayForEach(entry, member(record, "sums"))
    {
        const char *description = json_peek_text(entry, "description");

        text_add(out, "<tr><td>");
        text_add_html(out, description ? description : "");
        if (json_peek_number(entry, "count", 0) > 1) {
            text_printf(out, " <span class=\"dim\">(%.0f times)</span>",
                        json_peek_number(entry, "count", 0));
        }
        text_printf(out, "</td><td class=\"n\">%+.0f</td><td class=\"n\">%.0f</td></tr>\n",
                    json_peek_number(entry, "amount", 0), json_peek_number(entry, "balance", 0));
    }
    text_add(out, "</table></div></section>");
}

static void add_steps(const cJSON *record, struct text *out)
{
    struct step_time steps[DEMO_RECORD_STEPS];
    int count = demo_record_steps(record, steps);
    double longest = 1;

    for (int i = 0; i < count; i++) {
        double mean = steps[i].total_ms / steps[i].count;

        longest = mean > longest ? mean : longest;
    }
    for (int i = 0; i < count; i++) {
        double mean = steps[i].total_ms / steps[i].count;

        text_add(out, "<tr><td>");
        text_add_html(out, steps[i].name);
        text_printf(out,
                    "</td><td class=\"n\">%d</td><td class=\"n\">%.0f ms</td><td class=\"n\">%.0f "
                    "ms</td><td class=\"w\"><div class=\"bar\" style=\"width:%.1f%%\"></div></td>"
                    "</tr>\n",
                    steps[i].count, mean, steps[i].longest_ms, 100 * mean / longest);
    }
}

static void add_source(const cJSON *record, struct text *out)
{
    const char *photo = json_peek_text(record, "photo");
    const char *description = json_peek_text(member(record, "project"), "description");

    text_add(out, "<section><h2>Input</h2><div class=\"listing\"><div class=\"module "
                  "one\"><div class=\"pictures\">");
    if (photo) {
        text_add(out, "<img alt=\"the seller's photo\" src=\"");
        text_add_html(out, photo);
        text_add(out, "\">");
    }
    text_add(out, "</div><div class=\"text\"><h3>One photo and this description</h3><p>");
    text_add_html(out, description ? description : "");
    text_add(out, "</p></div></div></div></section>");
}

static void add_made(const cJSON *record, struct text *out)
{
    const cJSON *made = member(record, "made");
    const char *image_model = json_peek_text(made, "imageModel");
    const char *text_model = json_peek_text(made, "textModel");

    text_add(out, "Made by <code>darkroom</code>. Image model: ");
    text_add_html(out, image_model ? image_model : "none");
    text_add(out, ". Text model: ");
    text_add_html(out, text_model ? text_model : "none");
    text_add(out,
             ". All images on one sheet: <a href=\"contact-sheet.png\">contact-sheet.png</a>.");
}

/* -- the page -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*add)(const cJSON *record, struct text *out);
} placeholders[] = {
    { "product", add_product }, { "facts", add_facts },     { "status", add_status },
    { "images", add_images },   { "aplus", album_modules }, { "jobs", add_jobs },
    { "ledger", add_ledger },   { "steps", add_steps },     { "source", add_source },
    { "made", add_made },
};

static bool fill_placeholder(const char *name, const cJSON *record, struct text *out)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        if (strcmp(placeholders[i].name, name) == 0) {
            placeholders[i].add(record, out);
            return true;
        }
    }
    return false;
}

bool album_page(const cJSON *record, struct text *out, struct error *err)
{
    const char *at = (const char *)embed_find("assets/album.html")->data;
    char name[PLACEHOLDER_BYTES];

    while (text_add_template(out, &at, name, sizeof name)) {
        if (!fill_placeholder(name, record, out)) {
            return error_set(err, ERROR_INTERNAL,
                             "assets/album.html has an unknown placeholder '%s'", name);
        }
    }
    return !out->overflow || error_set(err, ERROR_INTERNAL, "the album's page is too large");
}
