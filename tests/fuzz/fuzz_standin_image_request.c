/* Bodies of image requests: a form if the first byte is even, JSON if it is odd. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "standin/openai/image_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model_list *list;
    struct image_request order = { .edit = true };
    struct answer answer = { 0 };
    struct error err;
    struct blob body;
    const char *type;

    if (size == 0 || (!list && !model_list_load(&list, &err))) {
        return 0;
    }
    type = data[0] % 2 ? "application/json" : "multipart/form-data; boundary=b";
    body = blob_view(data + 1, size - 1);
    if (!image_request_read(&order, type, &body, &answer) ||
        !image_request_check(&order, list, &answer)) {
        if (answer.status < 400) {
            abort(); /* a rejected request must be answered with an error */
        }
    }
    image_request_free(&order);
    answer_free(&answer);
    return 0;
}
