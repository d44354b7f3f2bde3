/* compatible.h - shared by the files of the openai-compatible provider. */
#ifndef PROVIDERS_COMPATIBLE_H
#define PROVIDERS_COMPATIBLE_H
#include <cjson/cJSON.h>

#include "providers/provider.h"

enum { COMPATIBLE_PRESET, COMPATIBLE_KEY, COMPATIBLE_BASE_URL }; /* rows of its settings */

extern const struct provider provider_compatible;

enum size_form { SIZE_TEXT, SIZE_WIDTH_HEIGHT, SIZE_ASPECT_RATIO };
enum edit_form { EDIT_NONE, EDIT_MULTIPART, EDIT_JSON };

struct compatible_preset {  /* one entry of assets/provider-presets.json */
    const char *base_url;   /* NULL if each customer has another one */
    const char *key_header; /* NULL if the server needs no key */
    const char *key_prefix; /* "Bearer ", or "" */
    bool sends_model;       /* false: the server has one model and refuses the member */
    enum size_form size;
    enum edit_form edits;
    bool quality, background;  /* whether the server knows these members */
    const char *result;        /* value of response_format; NULL if it is not sent */
    const char *output_format; /* NULL if it is not sent */
    const cJSON *extra;        /* members that are sent with every image request; may be NULL */
    const char *system_role;   /* chat completions; NULL if the server makes no text */
    const char *max_tokens;    /* name of the member that limits the output */
    cJSON *tree;               /* owns the texts above */
};

/* Finds the preset by name. Fails with ERROR_CONFIG and a hint that lists the names. Freed with
 * compatible_preset_free. */
bool compatible_preset_load(const char *name, struct compatible_preset *out,
                            struct error *err) MUST_CHECK;
void compatible_preset_free(struct compatible_preset *preset);
/* The preset that an endpoint's settings choose. */
bool compatible_preset_of(const struct endpoint *at, struct compatible_preset *out,
                          struct error *err) MUST_CHECK;

/* Sets method, URL and key header. */
void compatible_begin(const struct compatible_preset *preset, const struct endpoint *at,
                      const char *method, const char *path, struct arena *arena, struct op *op);

bool compatible_image_request(const struct compatible_preset *preset,
                              const struct model_request *request, struct op *op,
                              struct error *err) MUST_CHECK;
#endif
