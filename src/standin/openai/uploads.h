/* uploads.h - files of the stand-in's /v1/files: on disk, in a folder of its own that goes with it.
 *
 * What a batch makes may be gigabytes: neither its input nor its results are ever in memory whole.
 * Called with the stand-in's lock held. */
#ifndef STANDIN_OPENAI_UPLOADS_H
#define STANDIN_OPENAI_UPLOADS_H
#include <stdint.h>

#include "base/error.h"

enum { UPLOAD_ID = 40 };

struct upload {
    struct upload *next; /* the newest first */
    char id[UPLOAD_ID], filename[200], purpose[24];
    int64_t bytes, created_ms;
    char path[120];
};

struct uploads;
bool uploads_open(struct uploads **out, struct error *err) MUST_CHECK; /* no folder yet */
void uploads_close(struct uploads *uploads);                           /* the files go */
void uploads_reset(struct uploads *uploads);

/* An empty file with a name on disk: whoever asked for it writes there, and sets bytes. */
bool uploads_new(struct uploads *uploads, const char *filename, const char *purpose,
                 struct upload **out, struct error *err) MUST_CHECK;
struct upload *uploads_find(struct uploads *uploads, const char *id); /* NULL: none */
struct upload *uploads_first(struct uploads *uploads);
void uploads_remove(struct uploads *uploads, struct upload *upload);
#endif
