/* answer.h - an HTTP response being built: status, headers, and a body in pieces.
 *
 * The base64 text of an image is one piece shared by all answers, so that a thousand waiting
 * answers do not need a thousand copies. */
#ifndef STANDIN_ANSWER_H
#define STANDIN_ANSWER_H
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct product_image;

enum { ANSWER_PIECES = 64, ANSWER_HEADERS = 16 };

struct piece { /* one of owned, shared and file is set */
    char *owned;
    struct product_image *shared; /* an image's base64 text, after its head */
    FILE *file;                   /* read while it is sent */
    size_t size;
};

struct answer_header {
    char name[40], value[200];
};

struct answer {
    int status; /* 0: not answered yet */
    char content_type[64];
    struct piece pieces[ANSWER_PIECES];
    int count;
    struct answer_header headers[ANSWER_HEADERS];
    int header_count;
};

void answer_free(struct answer *answer);
void answer_header(struct answer *answer, const char *name, const char *value);
void answer_add(struct answer *answer, char *owned, size_t size);        /* takes `owned` */
void answer_text(struct answer *answer, const char *text);               /* appends a copy */
void answer_share(struct answer *answer, struct product_image *picture); /* counts a reference */
void answer_file(struct answer *answer, FILE *file, size_t size); /* takes ownership of `file` */
bool answer_is_file(const struct answer *answer);
/* Copies bytes of a piece. Returns false if a file cannot be read. */
bool piece_read(const struct piece *piece, size_t at, char *out, size_t size);

/* Each sets the whole body and discards an earlier one. */
void answer_bytes(struct answer *answer, int status, const char *content_type, const void *data,
                  size_t size);
void answer_json(struct answer *answer, int status, cJSON *tree); /* frees the tree */
size_t answer_size(const struct answer *answer);

struct refusal { /* {"error":{"message","type","param","code"}} */
    int status;
    const char *type, *code, *param; /* code, param: NULL gives null */
};
cJSON *answer_error(const struct refusal *refusal, const char *message); /* the inner object */
/* Always returns false, so that a check can end in `return answer_refuse(...)`. */
bool answer_refuse(struct answer *answer, const struct refusal *refusal, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The error format of Supabase Storage, {"statusCode","error","message","code"}. */
void answer_storage_error(struct answer *answer, int http, const char *status_code,
                          const char *error, const char *code, const char *message);
#endif
