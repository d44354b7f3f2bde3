/* cmd_review.c - darkroom review: writes pages and contact sheets for reviewing a batch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "app/image_processing.h"
#include "app/store_client.h"
#include "base/clock.h"
#include "base/memory.h"
#include "batch/batch_find.h"
#include "batch/review/contact_sheet.h"
#include "batch/review/decisions.h"
#include "batch/review/review_page.h"
#include "batch/review/review_rejections.h"
#include "cli/command.h"
#include "io/file.h"
#include "term/count_progress.h"
#include "term/table.h"
#include "term/term.h"

enum {
    PAGE_ITEMS = 252,
    PAGE_BYTES = 1 << 30,
    CONCURRENT_DOWNLOADS = 16,
    PATH_BYTES = 1000,
    NAME_BYTES = 500,
    STEM_BYTES = 400
};

struct review {
    const struct settings *settings;
    const char *batch;
    struct sql_session *session;
    cJSON *summary; /* result of the query batch_show */
    struct store_client store_client;
    struct count_progress progress; /* of images */
    char folder[STEM_BYTES], stem[STEM_BYTES];
    char created[25];  /* time of the pages, UTC */
    int page, pages;   /* number of the current page, and of all */
    int sheet, sheets; /* contact sheets written, and at most */
    int items, candidates, thumbnails, missing;
    int page_items; /* images of the current page */
    cJSON *files;   /* paths of the files written */
};

/* Sets folder and file name from --out, which is "DIR" or "DIR/NAME.html". */
static void set_output_path(struct review *review)
{
    const char *out = setting_text(review->settings, "out");
    size_t size = out ? strlen(out) : 0;
    const char *slash = out ? strrchr(out, '/') : NULL;

    snprintf(review->stem, STEM_BYTES, "review");
    if (!out) {
        snprintf(review->folder, STEM_BYTES, "darkroom-review-%s", review->batch);
    } else if (size > 5 && strcmp(out + size - 5, ".html") == 0) {
        const char *name = slash ? slash + 1 : out;

        snprintf(review->folder, STEM_BYTES, "%.*s", slash ? (int)(slash - out) : 1,
                 slash ? out : ".");
        snprintf(review->stem, STEM_BYTES, "%.*s", (int)strlen(name) - 5, name);
    } else {
        snprintf(review->folder, STEM_BYTES, "%s", out);
    }
}

static bool write_file(struct review *review, const char *name, const void *data, size_t size,
                       struct error *err)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", review->folder, name);
    cJSON_AddItemToArray(review->files, cJSON_CreateString(path));
    return file_write(path, data, size, err);
}

/* -- thumbnails ------------------------------------------------------------------------------ */

static void show_progress(int done, int all, void *context)
{
    struct review *review = context;
    int images =
        review->items - review->page_items + (all > 0 ? review->page_items * done / all : 0);
    char detail[60];

    snprintf(detail, sizeof detail, "thumbnail %d of %d, page %d of %d", done, all, review->page,
             review->pages);
    count_progress_show(&review->progress, images, detail);
}

/* Lists the thumbnails of a page. Items of a project are adjacent and share its photo, which is
 * listed once. */
static int list_thumbnails(const struct review_items *items, struct thumbnail **out)
{
    int count = 0;

    for (int i = 0; i < items->count; i++) {
        struct review_item *item = &items->list[i];

        if (i == 0 || item->photo != items->list[i - 1].photo) {
            out[count++] = item->photo;
        }
        out[count++] = &item->before;
        for (int j = 0; j < item->count; j++) {
            out[count++] = &item->candidates[j].image;
        }
    }
    return count;
}

static void fetch_thumbnails(struct review *review, const struct review_items *items)
{
    size_t max_count = (size_t)items->count * 2 + (size_t)items->candidates;
    struct thumbnail **thumbnails = xcalloc(max_count + 1, sizeof *thumbnails);
    struct thumbnail_fetcher fetcher = { .maker = store_client_thumbnails(&review->store_client),
                                         .concurrency = CONCURRENT_DOWNLOADS,
                                         .on_progress = show_progress,
                                         .context = review };
    int count;

    count = list_thumbnails(items, thumbnails);
    thumbnails_fetch(&fetcher, thumbnails, count);
    for (int i = 0; i < count; i++) {
        review->thumbnails += thumbnails[i]->width > 0;
        review->missing += thumbnails[i]->missing[0] != '\0';
    }
    free(thumbnails);
}

/* -- pages and contact sheets ---------------------------------------------------------------- */

static bool write_page(struct review *review, const struct review_items *items, struct error *err)
{
    struct review_page page = { .batch = review->batch,
                                .summary = review->summary,
                                .items = items,
                                .stem = review->stem,
                                .number = review->page,
                                .count = review->pages,
                                .made = review->created };
    char name[NAME_BYTES];
    struct text text;
    bool good;

    text_begin(&text, PAGE_BYTES);
    review_page_name(review->stem, review->page, review->pages, name, sizeof name);
    good =
        review_page_write(&page, &text, err) && write_file(review, name, text.data, text.size, err);
    text_end(&text);
    return good;
}

static bool write_sheets(struct review *review, const struct review_items *items, struct error *err)
{
    char title[80], facts[160], name[NAME_BYTES];
    bool good = true;

    snprintf(title, sizeof title, "Batch %s", review->batch);
    for (int i = 0; good && i < items->count && review->sheet < review->sheets;
         i += CONTACT_SHEET_ITEMS) {
        struct contact_sheet contact = { .title = title,
                                         .subtitle = facts,
                                         .items = &items->list[i] };
        struct blob file;

        contact.count =
            items->count - i < CONTACT_SHEET_ITEMS ? items->count - i : CONTACT_SHEET_ITEMS;
        snprintf(facts, sizeof facts, "images %d to %d of %d: before, after",
                 contact.items[0].number, contact.items[contact.count - 1].number,
                 (int)json_peek_int(review->summary, "images", 0));
        snprintf(name, sizeof name, "%s-sheet-%d.png", review->stem, ++review->sheet);
        good = contact_sheet_draw(&contact, &file, err);
        good = good && write_file(review, name, file.data, file.size, err);
        blob_free(&file);
    }
    return good;
}

/* Reads the rejected answers of the items, which are consecutive. */
static bool read_rejections(const struct review *review, struct review_items *items, cJSON **rows,
                            struct error *err)
{
    int first = items->count > 0 ? items->list[0].number : 1;
    int last = items->count > 0 ? items->list[items->count - 1].number : 0;
    char after[16], count[16];
    const char *params[] = { review->batch, after, count };

    snprintf(after, sizeof after, "%d", first - 1);
    snprintf(count, sizeof count, "%d", last - first + 1);
    if (!database_query(review->session, "batch_rejections", 3, params, rows, err)) {
        return false;
    }
    review_rejections_read(*rows, items);
    return true;
}

/* Writes a page and its contact sheets from the rows of up to PAGE_ITEMS items. */
static bool write_items(const cJSON *rows, void *context, struct error *err)
{
    struct review *review = context;
    struct arena *arena = arena_new();
    struct review_items items;
    cJSON *rejections = NULL;
    bool good = review_items_read(rows, arena, &items, err) &&
                read_rejections(review, &items, &rejections, err);

    review->page++;
    if (good) {
        review->page_items = items.count;
        review->items += items.count;
        fetch_thumbnails(review, &items);
        review->candidates += items.candidates;
        good = write_page(review, &items, err) && write_sheets(review, &items, err);
    }
    review_items_free(&items);
    cJSON_Delete(rejections);
    arena_free(arena);
    return good;
}

/* -- the command ----------------------------------------------------------------------------- */

static void print_summary(const struct review *review)
{
    const char *first = cJSON_GetArrayItem(review->files, 0)->valuestring;
    int shown = review->sheet * CONTACT_SHEET_ITEMS;
    cJSON *out;

    if (setting_flag(review->settings, "json")) {
        out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "batch", review->batch);
        cJSON_AddNumberToObject(out, "images", review->items);
        cJSON_AddNumberToObject(out, "candidates", review->candidates);
        cJSON_AddNumberToObject(out, "thumbnails", review->thumbnails);
        cJSON_AddNumberToObject(out, "missing", review->missing);
        cJSON_AddNumberToObject(out, "pages", review->page);
        cJSON_AddItemToObject(out, "files", cJSON_Duplicate(review->files, true));
        table_json(stdout, out, "review");
        cJSON_Delete(out);
        return;
    }
    printf("%d images, %d candidates; %d thumbnails", review->items, review->candidates,
           review->thumbnails);
    if (review->missing > 0) {
        printf(", %d missing", review->missing);
    }
    printf("\n");
    if (review->pages > 1) {
        printf("%d pages of %d images each; open %s\n", review->pages, PAGE_ITEMS, first);
    } else {
        printf("open %s\n", first);
    }
    if (review->sheet > 0) {
        printf("%d contact sheet%s in the same folder%s", review->sheet,
               review->sheet > 1 ? "s" : "", shown < review->items ? ", of the first " : "\n");
        if (shown < review->items) {
            printf("%d images; --sheets N writes more\n", shown);
        }
    }
}

static bool write_review(struct review *review, struct error *err)
{
    int64_t images;
    bool good;

    if (!batch_find(review->session, review->batch, &review->summary, err)) {
        return false;
    }
    images = json_peek_int(review->summary, "images", 0);
    review->pages = (int)((images + PAGE_ITEMS - 1) / PAGE_ITEMS);
    if (images == 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' has no images", review->batch);
    }
    if (!store_client_open(review->settings, &review->store_client, err) ||
        !folder_make(review->folder, err)) {
        return false;
    }
    image_processing_start(review->settings, false);
    count_progress_begin(&review->progress, "images", images,
                         setting_flag(review->settings, "json"));
    good = batch_read_items(review->session, review->batch, PAGE_ITEMS, write_items, review, err);
    image_processing_stop();
    count_progress_end(&review->progress);
    return good;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct review review = { .settings = settings,
                             .batch = argv[0],
                             .sheets = (int)setting_int(settings, "sheets") };
    char id[ID_TEXT];

    (void)argc;
    if (!batch_id_valid(argv[0])) {
        error_set(err, ERROR_INPUT, "'%.60s' is not a batch id", argv[0]);
        error_hint(err, "`darkroom batch list` lists the batches.");
        return 0;
    }
    clock_format(clock_wall_ms(), review.created);
    review.files = cJSON_CreateArray();
    review.session = database_open(settings, "review", err);
    if (review.session && find_id_or_keep(review.session, ID_BATCH, argv[0], id, err)) {
        review.batch = id;
        set_output_path(&review);
        if (write_review(&review, err)) {
            print_summary(&review);
        }
    }
    sql_close(review.session);
    store_client_close(&review.store_client);
    cJSON_Delete(review.summary);
    cJSON_Delete(review.files);
    return 0;
}

static const char *const settings_taken[] = {
    "out",
    "sheets",
    "store",
    "folder",
    "supabase-url",
    "supabase-key",
    "allow-loopback-fetch",
    "memory",
    "json",
    "database-url",
    NETWORK_SETTINGS,
    NULL,
};

const struct command command_review = {
    .name = "review",
    .arguments = "BATCH",
    .summary = "write pages for reviewing a batch: before and after, checks, cost, decisions",
    .examples = "  darkroom review b7-3f2a               # then open the page in a browser\n"
                "  darkroom review b7-3f2a --out tonight --sheets 20\n"
                "  darkroom review b7-3f2a --out tonight.html --json\n",
    .settings = settings_taken,
    .output = output_review,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
