/* image_processing.h - prepares this process for the images of strangers: memory budget, decoder
 * processes. */
#ifndef APP_IMAGE_PROCESSING_H
#define APP_IMAGE_PROCESSING_H
#include "settings/settings.h"

/* Sets the memory budget from --memory, or from the limit of the process, and starts the decoder
 * processes; `idle` ones run only when no other process needs the processor. Logs one warning if
 * they cannot be started or restricted. Each call needs a call of image_processing_stop. Call both
 * on the loop's thread. */
void image_processing_start(const struct settings *settings, bool idle);
void image_processing_stop(void); /* harmless without a start */
#endif
