/* multipart.c - parses multipart forms and images inside JSON edits. */
#include "standin/openai/multipart.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/memory.h"

enum { PHOTO_MAX = 50 << 20, MASK_MAX = 4 << 20 };

static bool refuse_form(struct answer *answer, const char *why)
{
    return answer_refuse(answer, &(struct refusal){ .status = 400, .code = "invalid_multipart" },
                         "Could not parse multipart form: %s.", why);
}

/* Copies the value of an attribute of a header line. Returns false if it is missing or too long. */
static bool read_attribute(const char *line, const char *name, char *out, size_t out_size)
{
    const char *at = strcasestr(line, name), *end;

    if (!at) {
        return false;
    }
    at += strlen(name);
    if (*at == '"') {
        at++;
        end = strchr(at, '"');
    } else {
        end = at + strcspn(at, "; \r\n");
    }
    if (!end || (size_t)(end - at) >= out_size) {
        return false;
    }
    memcpy(out, at, (size_t)(end - at));
    out[end - at] = '\0';
    return true;
}

static bool read_headers(struct multipart_part *part, const uint8_t *data, size_t size)
{
    char head[1024], *save = NULL, *line;
    bool named = false;

    if (size >= sizeof head) {
        return false;
    }
    memcpy(head, data, size);
    head[size] = '\0';
    for (line = strtok_r(head, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
        if (strncasecmp(line, "content-disposition:", 20) == 0) {
            named = read_attribute(line, " name=", part->name, sizeof part->name);
            part->file = read_attribute(line, "filename=", part->filename, sizeof part->filename);
        } else if (strncasecmp(line, "content-type:", 13) == 0) {
            line += 13 + strspn(line + 13, " ");
            snprintf(part->type, sizeof part->type, "%.*s", (int)strcspn(line, "; "), line);
        }
    }
    return named; /* storage-js sends a file under the name "" */
}

/* Splits the body at its boundaries (RFC 2046, 5.1.1). */
static bool split_parts(const struct blob *body, const char *boundary, struct multipart *form)
{
    char mark[80];
    size_t length = (size_t)snprintf(mark, sizeof mark, "\r\n--%s", boundary);
    const uint8_t *at = body->data, *end = body->data + body->size, *next, *blank;

    if (body->size < length || memcmp(at, mark + 2, length - 2) != 0) {
        return false;
    }
    at += length - 2;
    while ((size_t)(end - at) >= 2 && memcmp(at, "\r\n", 2) == 0) {
        struct multipart_part *part = &form->parts[form->count];

        at += 2;
        next = memmem(at, (size_t)(end - at), mark, length);
        blank = next ? memmem(at, (size_t)(next - at), "\r\n\r\n", 4) : NULL;
        if (!blank || form->count == MULTIPART_PARTS ||
            !read_headers(part, at, (size_t)(blank - at))) {
            return false;
        }
        part->data = blank + 4;
        part->size = (size_t)(next - part->data);
        form->count++;
        at = next + length;
    }
    return (size_t)(end - at) >= 2 && memcmp(at, "--", 2) == 0;
}

static void add_scalar(cJSON *fields, const struct multipart_part *part)
{
    char *text = xstrndup((const char *)part->data, part->size), *end;
    long number = strtol(text, &end, 10);

    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        cJSON_AddBoolToObject(fields, part->name, text[0] == 't');
    } else if (part->size > 0 && isdigit((unsigned char)text[0]) && *end == '\0' &&
               strcmp(part->name, "prompt") != 0) {
        cJSON_AddNumberToObject(fields, part->name, (double)number);
    } else {
        cJSON_AddStringToObject(fields, part->name, text);
    }
    free(text);
}

static bool type_supported(const char *type)
{
    return strcmp(type, "image/png") == 0 || strcmp(type, "image/jpeg") == 0 ||
           strcmp(type, "image/webp") == 0;
}

static bool add_file(struct image_request *image_request, const struct multipart_part *part,
                     struct answer *answer)
{
    bool mask = strcmp(part->name, "mask") == 0;
    struct blob *to =
        mask ? &image_request->mask : &image_request->photos[image_request->photo_count];
    struct refusal refusal = { .status = 400, .param = mask ? "mask" : "image" };
    struct error err;

    if (!part->file) {
        refusal.code = "invalid_type";
        return answer_refuse(answer, &refusal,
                             "Invalid type for '%s': expected a file, but got a string instead.",
                             mask ? "mask" : "image[0]");
    }
    if (!type_supported(part->type)) {
        refusal.code = "unsupported_file_mimetype";
        return answer_refuse(answer, &refusal,
                             "Invalid file '%s': unsupported mimetype ('%s'). Supported file "
                             "formats are 'image/jpeg', 'image/png', and 'image/webp'.",
                             part->name, part->type);
    }
    if (part->size > (mask ? MASK_MAX : PHOTO_MAX)) {
        refusal.code = "image_too_large";
        return answer_refuse(answer, &refusal, "Image file is too large.");
    }
    if (!mask && image_request->photo_count == IMAGE_REQUEST_PHOTOS) {
        refusal.code = "array_above_max_length";
        return answer_refuse(answer, &refusal, "Invalid 'image': at most %d images.",
                             IMAGE_REQUEST_PHOTOS);
    }
    blob_free(to);
    if (!blob_copy(to, part->data, part->size, &err)) {
        return refuse_form(answer, err.text);
    }
    image_request->photo_count += !mask;
    return true;
}

static bool add_part(struct image_request *image_request, const struct multipart *form, int i,
                     struct answer *answer)
{
    const struct multipart_part *part = &form->parts[i];

    for (int j = 0; j < i; j++) {
        if (strcmp(form->parts[j].name, part->name) == 0 && strcmp(part->name, "image[]") != 0) {
            return answer_refuse(
                answer,
                &(struct refusal){
                    .status = 400, .code = "duplicate_parameter", .param = part->name },
                "Duplicate parameter: '%s'. You provided multiple values for this parameter, "
                "whereas only one is allowed. If you are trying to provide a list of values, use "
                "the array syntax instead e.g. '%s[]=<value>'.",
                part->name, part->name);
        }
    }
    if (strcmp(part->name, "image") == 0 || strcmp(part->name, "image[]") == 0 ||
        strcmp(part->name, "mask") == 0) {
        return add_file(image_request, part, answer);
    }
    add_scalar(image_request->fields, part);
    return true;
}

bool multipart_split(const char *content_type, const struct blob *body, struct multipart **out,
                     struct answer *answer)
{
    struct multipart *form = xcalloc(1, sizeof *form);
    char boundary[72];

    if (!read_attribute(content_type, "boundary=", boundary, sizeof boundary) ||
        !split_parts(body, boundary, form)) {
        free(form);
        refuse_form(answer, "boundary or part headers are wrong");
        return false;
    }
    *out = form;
    return true;
}

bool multipart_read(struct image_request *image_request, const char *content_type,
                    const struct blob *body, struct answer *answer)
{
    struct multipart *form;
    bool good = true;

    if (!multipart_split(content_type, body, &form, answer)) {
        return false;
    }
    image_request->fields = cJSON_CreateObject();
    for (int i = 0; i < form->count && good; i++) {
        good = add_part(image_request, form, i, answer);
    }
    free(form);
    return good;
}

static bool read_reference(const cJSON *item, const char *name, struct blob *out,
                           struct answer *answer)
{
    const cJSON *url = cJSON_GetObjectItem(item, "image_url");
    const char *text = cJSON_IsString(url) ? url->valuestring : NULL, *comma;
    struct refusal refusal = { .status = 400, .param = name, .code = "invalid_image_url" };
    struct error err;

    if (!text) {
        refusal.code = "invalid_type";
        return answer_refuse(answer, &refusal, "Invalid '%s': expected an object with image_url.",
                             name);
    }
    comma = strstr(text, ";base64,");
    if (strncmp(text, "data:image/", 11) != 0 || !comma) {
        return answer_refuse(answer, &refusal, "Failed to download image from %.100s.", text);
    }
    comma += 8;
    if (!blob_new(out, base64_decoded_max(strlen(comma)) + 1, &err) ||
        !base64_decode(comma, strlen(comma), out->data, &out->size)) {
        blob_free(out);
        refusal.code = "invalid_base64";
        return answer_refuse(answer, &refusal, "Invalid base64 image_url.");
    }
    return true;
}

bool image_references_read(struct image_request *image_request, struct answer *answer)
{
    const cJSON *images = cJSON_GetObjectItem(image_request->fields, "images"), *item;
    const cJSON *mask = cJSON_GetObjectItem(image_request->fields, "mask");

    cJSON_ArrayForEach(item, images)
    {
        if (image_request->photo_count == IMAGE_REQUEST_PHOTOS) {
            return answer_refuse(answer,
                                 &(struct refusal){ .status = 400,
                                                    .code = "array_above_max_length",
                                                    .param = "images" },
                                 "Invalid 'images': at most %d items.", IMAGE_REQUEST_PHOTOS);
        }
        if (!read_reference(item, "images", &image_request->photos[image_request->photo_count],
                            answer)) {
            return false;
        }
        image_request->photo_count++;
    }
    return !mask || read_reference(mask, "mask", &image_request->mask, answer);
}
