/* export.h - a ZIP with the images and the A+ content of a project, as a marketplace takes them.
 *
 * Every file of the ZIP passes the marketplace's rules: one that cannot be made to pass is left
 * out, and the report says why. The same images give the same bytes. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H
#include <signal.h>

#include "app/store_client.h"
#include "base/digest.h"
#include "base/json.h"
#include "model/export_rules.h"
#include "model/rules.h"

enum { EXPORT_FILES = 64, EXPORT_FINDINGS = 16, EXPORT_ID = 64, EXPORT_NAME = 160 };

struct export_request {
    const char *marketplace;
    const char *asin;   /* valid, or NULL */
    bool asin_follows;  /* without an ASIN, names begin with the product's until it is known */
    const char *sku;    /* or NULL */
    const char *locale; /* of the A+ content: "en-US" */
};

struct export_finding { /* one rule that a file was checked against */
    const char *rule;   /* "longer_side" */
    bool passed;
    double measured;
    char limit[48];    /* "1000 to 10000" */
    char message[120]; /* "1792 pixels" */
};

struct export_file {
    char name[EXPORT_NAME]; /* in the ZIP */
    enum image_kind kind;
    int module, image;  /* of A+ content, from 1 on; 0: a listing image */
    struct size slot;   /* least size of an A+ image */
    const char *source; /* id of the image row; NULL: there is no image */
    const char *url;
    bool ai_made;
    const cJSON *checks; /* those of the worker, when it made the image; may be NULL */

    /* Set when the file is made. */
    const char *change; /* how it differs from the stored file: "scaled down, converted to JPEG" */
    struct size stored_size, size;
    size_t bytes;
    char sha256[DIGEST_TEXT];
    struct export_finding findings[EXPORT_FINDINGS];
    int finding_count;
    bool made;          /* it is in the ZIP */
    char problem[200];  /* why it is not; "" otherwise */
    const char *action; /* what to do about that, or NULL */
};

struct export_pack {
    struct arena *arena;
    const struct export_request *request;
    const struct export_rules *export_rules;
    const struct export_market *market;
    const struct rules *rules;
    const cJSON *project; /* result of the query export_load */
    char id[EXPORT_ID];   /* the file names begin with it */
    struct export_file files[EXPORT_FILES];
    int file_count;
    cJSON *missing;  /* array of {type, reason, action}: image types without a file */
    cJSON *left_out; /* array of {type, reason}: those that the marketplace forbids */
    cJSON *notes;    /* array of texts */
    cJSON *aplus;    /* the document for the A+ Content API; NULL: none */
    bool incomplete; /* a part of the A+ content is not in the ZIP */
};

struct export_progress {
    void (*on_file)(const struct export_pack *pack, int done, void *context);
    void *context;
    const volatile sig_atomic_t *stop; /* set by a signal: give up, and leave no file */
};

/* Chooses files and names from the rows of the project. Nothing is fetched. ERROR_INPUT if the
 * request does not fit the marketplace. Call export_pack_free also after a failure. */
bool export_plan(struct export_pack *pack, struct error *err) MUST_CHECK;
/* Makes the files and writes the ZIP. Call it between image_processing_start and _stop. Sets
 * *written to false if no file passes: then there is no ZIP. */
bool export_write(struct export_pack *pack, struct store_client *client, const char *path,
                  bool replace, const struct export_progress *progress, bool *written,
                  struct error *err) MUST_CHECK;
void export_pack_free(struct export_pack *pack);

/* Returns the exit status: EXIT_STATUS_CHECK if a file was left out by a rule or there is no main
 * image, EXIT_STATUS_SOME_FAILED if a part is missing. */
int export_status(const struct export_pack *pack);
#endif
