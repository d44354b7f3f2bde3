/* payload.h - reads and validates a job's payload, which is untrusted input. */
#ifndef MODEL_PAYLOAD_H
#define MODEL_PAYLOAD_H
#include "base/arena.h"
#include "base/error.h"
#include "model/brief.h"

struct payload {
    const char *project_id;
    enum image_kind kind;   /* generate-image */
    const char *style;      /* "" if none is given; cut to 400 bytes */
    const char *dimensions; /* generate-image: the key "dimensions" as JSON; NULL without it */
    struct subject_request subject; /* generate-image; "" for a key that is not given */
    const char *marketplace; /* whose image rules apply, perhaps unknown; NULL: the worker's */
    bool include_aplus;      /* generate-complete-pack */
    bool is_premium;         /* generate-aplus */
    bool generate_images;    /* generate-aplus */
    struct module_request
        module_request; /* generate-image of A_PLUS_MODULE; module_type may be NULL */
};

/* One function per job type. `json` is the payload column as text. Fails with ERROR_INPUT, naming
 * the key: "payload: 'imageType' must be one of MAIN_IMAGE, INFOGRAPHIC, ...". */
bool payload_read_image(const char *json, struct arena *arena, struct payload *out,
                        struct error *err) MUST_CHECK;
bool payload_read_pack(const char *json, struct arena *arena, struct payload *out,
                       struct error *err) MUST_CHECK;
bool payload_read_aplus(const char *json, struct arena *arena, struct payload *out,
                        struct error *err) MUST_CHECK;
#endif
