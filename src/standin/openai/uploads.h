/* uploads.h - files of the stand-in's /v1/files, in a temporary folder that uploads_close removes.
 *
 * They are on disk because the results of one batch can be gigabytes. Call all functions with the
 * stand-in's lock held. */
#ifndef STANDIN_OPENAI_UPLOADS_H
#define STANDIN_OPENAI_UPLOADS_H
#include <stdint.h>

#include "base/error.h"

enum { UPLOAD_ID = 40 };

struct upload {
    struct upload *next; /* the list starts with the newest */
    char id[UPLOAD_ID], filename[200], purpose[24];
    int64_t bytes, created_ms;
    char path[120];
};

struct uploads;
struct uploads *uploads_open(void);          /* the first file makes the folder */
void uploads_close(struct uploads *uploads); /* removes files and folder */
void uploads_reset(struct uploads *uploads);

/* Adds an entry. The caller writes the file at (*out)->path and sets (*out)->bytes. */
bool uploads_new(struct uploads *uploads, const char *filename, const char *purpose,
                 struct upload **out, struct error *err) MUST_CHECK;
struct upload *uploads_find(struct uploads *uploads, const char *id); /* NULL if unknown */
struct upload *uploads_first(struct uploads *uploads);
void uploads_remove(struct uploads *uploads, struct upload *upload);
#endif
