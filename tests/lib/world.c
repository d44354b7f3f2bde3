/* world.c - the simulated database, provider and files. */
#include "lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "image/image.h"
#include "io/file.h"

struct world *world;
char world_folder[64], *world_image;

void world_answer(struct op *op, const char *json)
{
    struct error err;

    if (!blob_new(&op->sql_result.value, strlen(json) + 1, &err)) {
        abort();
    }
    memcpy(op->sql_result.value.data, json, strlen(json) + 1);
    op->sql_result.value.size--;
}

static const char *world_brief(void)
{
    static char brief[1200];

    snprintf(
        brief, sizeof brief,
        "{\"jobId\":\"%s\",\"userId\":\"u\",\"projectId\":\"p\",\"projectName\":\"n\","
        "\"productName\":\"Cup\",\"description\":\"A cup, 9 x 7 cm.\",\"category\":\"Drinkware\","
        "\"photoUrl\":\"http://store/storage/v1/object/public/product-images/photo.jpg\","
        "\"photoCount\":1,\"brand\":null,\"features\":%s,\"createdMs\":1790000000000}",
        "11111111-1111-4111-8111-111111111111",
        world->features_known
            ? "[{\"title\":\"a\",\"description\":\"b\",\"priority\":9,\"icon\":\"c\"},"
              "{\"title\":\"d\",\"description\":\"e\",\"priority\":8,\"icon\":\"f\"}]"
            : "null");
    return brief;
}

static void answer_wait(struct op *op)
{
    snprintf(world->message, sizeof world->message, "%s", op->sql.params[5]);
    snprintf(world->detail, sizeof world->detail, "%s", op->sql.params[6]);
    world->pending++;
    world->waits++;
    world->is_kept = strstr(op->sql.params[9], "\"spool\"") != NULL;
    world_answer(op, "{\"state\":\"waiting\",\"refunded\":0}");
}

static void world_sql(struct op *op)
{
    const char *name = op->sql.statement;

    if (world->tried < world->trouble) {
        world->tried++;
        if (world->answer_lost && world->tried == world->trouble) {
            int trouble = world->trouble;

            world->trouble = 0;
            world_sql(op);
            world->trouble = world->tried = trouble;
            blob_free(&op->sql_result.value);
        }
        error_set(&op->error, ERROR_DATABASE, "the connection to the database broke");
        return;
    }
    world->tried = 0;
    if (world->lost) {
        world_answer(op, "{\"lost\":true}");
    } else if (world_batch_api_sql(op)) {
        return;
    } else if (strcmp(name, "brief") == 0) {
        world_answer(op, world_brief());
    } else if (strcmp(name, "begin_call") == 0) {
        char text[40];

        snprintf(text, sizeof text, "{\"attempt\":%d}", ++world->attempts);
        world_answer(op, text);
    } else if (strcmp(name, "save_features") == 0) {
        world->features_saved++;
        world->features_known = 1;
        world_answer(op, "{\"saved\":true}");
    } else if (strncmp(name, "commit_", 7) == 0 && world->table_rejects != 0) {
        world->table_rejects -= world->table_rejects > 0;
        error_set(&op->error, ERROR_INPUT, "a constraint rejects a row (23514)");
    } else if (strncmp(name, "commit_", 7) == 0) {
        world_answer(op, world->committed ? "{\"committed\":true,\"already\":true}"
                                          : "{\"committed\":true}");
        world->committed = 1;
    } else if (strcmp(name, "fail") == 0) {
        bool retry = false;

        for (int i = 0; i < op->sql.param_count; i++) {
            retry = retry || (i == 4 && op->sql.params[i] && op->sql.params[i][0] == 't');
        }
        snprintf(world->message, sizeof world->message, "%s", op->sql.params[3]);
        snprintf(world->detail, sizeof world->detail, "%s", op->sql.params[8]);
        world->failed += !retry;
        world->pending += retry;
        world_answer(op, retry ? "{\"state\":\"pending\",\"refunded\":0}"
                               : "{\"state\":\"failed\",\"refunded\":8}");
    } else if (strcmp(name, "wait_for_service") == 0) {
        answer_wait(op);
    } else {
        fprintf(stderr, "world.c has no answer to the statement '%s'\n", name);
        _exit(3);
    }
}

/* Returns the model's answer: an image, or a text that fits the requested schema. */
static const char *world_body(const struct op *op)
{
    static const char features[] =
        "{\\\"features\\\":[{\\\"title\\\":\\\"A\\\",\\\"description\\\":\\\"b\\\","
        "\\\"priority\\\":9,\\\"icon\\\":\\\"c\\\"},"
        "{\\\"title\\\":\\\"B\\\",\\\"description\\\":\\\"b\\\",\\\"priority\\\":8,\\\"icon\\\":"
        "\\\"c\\\"},"
        "{\\\"title\\\":\\\"C\\\",\\\"description\\\":\\\"b\\\",\\\"priority\\\":7,\\\"icon\\\":"
        "\\\"c\\\"},"
        "{\\\"title\\\":\\\"D\\\",\\\"description\\\":\\\"b\\\",\\\"priority\\\":6,\\\"icon\\\":"
        "\\\"c\\\"},"
        "{\\\"title\\\":\\\"E\\\",\\\"description\\\":\\\"b\\\",\\\"priority\\\":5,\\\"icon\\\":"
        "\\\"c\\\"}]}";
    static struct text body;
    const char *sent = op->http.body.data ? (const char *)op->http.body.data : "";

    if (op->http.part_count > 0) {
        return world_image;
    }
    text_begin(&body, 1 << 20);
    text_add(&body, "{\"id\":\"r\",\"status\":\"completed\",\"output\":[{\"type\":\"message\","
                    "\"content\":[{\"type\":\"output_text\",\"text\":\"");
    if (strstr(sent, "\"features\"") && !strstr(sent, "imageDescriptions")) {
        text_add(&body, features);
    } else { /* A+: four modules */
        text_add(&body, "{\\\"modules\\\":[");
        for (int i = 0; i < 4; i++) {
            static const char *const types[] = { "single-image-sidebar", "four-images-text",
                                                 "single-image-bullets",
                                                 "single-image-highlights" };

            text_printf(
                &body,
                "%s{\\\"type\\\":\\\"standard-%s\\\",\\\"headline\\\":\\\"About this cup %d\\\","
                "\\\"bodyText\\\":\\\"A cup that stands on a table and holds tea for your guests, "
                "every "
                "day.\\\",\\\"bullets\\\":[\\\"Holds tea\\\"],\\\"sidebar\\\":[\\\"Clay\\\"],"
                "\\\"specifications\\\":null,\\\"imageDescriptions\\\":[\\\"the cup\\\"%s]}",
                i ? "," : "", types[i], i + 1,
                i == 1 ? ",\\\"its lid\\\",\\\"its foot\\\",\\\"its rim\\\"" : "");
        }
        text_add(&body, "]}");
    }
    text_add(&body, "\"}]}],\"usage\":{\"input_tokens\":5,\"output_tokens\":9}}");
    return body.data;
}

static void world_http(struct op *op)
{
    const char *body = NULL;
    struct error err;
    int status = 200;

    if (world_batch_api_http(op)) {
        return;
    }
    world->paid++;
    world->paid_before_attempt += world->paid > world->attempts;
    for (int i = 0; i < WORLD_FAULTS; i++) {
        if (world->script[i].at == world->paid) {
            body = world->script[i].body;
            status = world->script[i].status;
        }
    }
    if (status == 0) { /* the connection broke after the request was sent */
        error_set(&op->error, ERROR_NETWORK, "the connection broke");
        op->http_response.request_sent = true;
        return;
    }
    body = body ? body : world_body(op);
    op->http_response.status = status;
    op->http_response.processing_ms = -1;
    snprintf(op->http_response.request_id, sizeof op->http_response.request_id, "req_%d",
             world->paid);
    if (!blob_copy(&op->http_response.body, body, strlen(body), &err)) {
        abort();
    }
}

static void world_file(struct op *op)
{
    world->written_after_loss += world->lost && op->file.write;
    if (op->file.write && strstr(op->file.path, "/spool/") && world->spool_full) {
        error_set(&op->error, ERROR_INTERNAL, "cannot write '%s': No space left on device",
                  op->file.path);
        return;
    }
    if (op->file.write && strstr(op->file.path, "/store/") && world->store_rejects != 0) {
        world->store_rejects -= world->store_rejects > 0;
        error_set(&op->error, ERROR_INTERNAL, "cannot write '%s': No space left on device",
                  op->file.path);
        return;
    }
    if (!file_perform(op, &op->error) && op->error.kind == ERROR_NONE) {
        abort();
    }
}

void world_perform(struct op *op)
{
    op->error.kind = ERROR_NONE;
    op->began_us = clock_mono_us();
    switch (op->kind) {
    case OP_SQL:
        world_sql(op);
        break;
    case OP_HTTP:
        world_http(op);
        break;
    case OP_FILE:
        world_file(op);
        break;
    case OP_WORK:
        if (!op->work.run(op->work.arg, &op->error) && op->error.kind == ERROR_NONE) {
            abort();
        }
        break;
    default:
        break;
    }
    op->ended_us = clock_mono_us();
}

int world_files(const char *part)
{
    char command[400], line[20] = "0";
    FILE *pipe;

    snprintf(command, sizeof command,
             "find %s/%s -type f ! -name '.darkroom-spool' 2>/dev/null | wc -l", world_folder,
             part);
    pipe = popen(command, "r");
    if (pipe) {
        if (!fgets(line, sizeof line, pipe)) {
            line[0] = '\0';
        }
        pclose(pipe);
    }
    return atoi(line);
}

/* A noisy image_job, so that it is not blank. */
static struct blob world_picture(int width, int height, bool jpeg)
{
    struct image image;
    struct blob file;
    struct error err;
    uint64_t seed = 3;

    if (!image_new(width, height, 3, &image, &err)) {
        abort();
    }
    for (size_t i = 0; i < (size_t)width * (size_t)height * 3; i++) {
        image.pixels[i] = (uint8_t)(i / 3 % (size_t)width / 4 + (random_next(&seed) & 31));
    }
    if (!(jpeg ? image_encode_jpeg(&image, 80, false, &file, &err)
               : image_encode_png(&image, false, &file, &err))) {
        abort();
    }
    image_free(&image);
    return file;
}

static char *world_image_answer(int width, int height)
{
    struct blob file = world_picture(width, height, false), letters;
    struct error err;
    char *out;

    if (!base64_encode(file.data, file.size, &letters, &err)) {
        abort();
    }
    out = malloc(letters.size + 200);
    sprintf(
        out,
        "{\"data\":[{\"b64_json\":\"%.*s\"}],\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}",
        (int)letters.size, (const char *)letters.data);
    blob_free(&letters);
    blob_free(&file);
    return out;
}

void world_reset(void)
{
    char command[400];

    memset(world, 0, sizeof *world);
    snprintf(command, sizeof command,
             "rm -rf %s/spool %s/store/generated-images; mkdir -p %s/spool", world_folder,
             world_folder, world_folder);
    if (system(command) != 0) {
        abort();
    }
}

int world_make(void **unused)
{
    struct blob photo = world_picture(300, 300, true);
    char path[120];
    struct error err;

    (void)unused;
    strcpy(world_folder, "/tmp/darkroom-world-XXXXXX");
    world = mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!mkdtemp(world_folder)) {
        return 1;
    }
    snprintf(path, sizeof path, "%s/store/product-images/photo.jpg", world_folder);
    world_image = world_image_answer(1024, 1024);
    return file_write(path, photo.data, photo.size, &err) ? (blob_free(&photo), 0) : 1;
}

int world_unmake(void **unused)
{
    char command[400];

    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", world_folder);
    free(world_image);
    return system(command);
}
