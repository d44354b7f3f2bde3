/* thumbnail_service.h - makes thumbnails on a thread with an event loop of its own, and keeps them.
 *
 * A few images are fetched and scaled at a time, so that a worker in the same process keeps most of
 * the processor and of the memory for images. */
#ifndef DASHBOARD_THUMBNAIL_SERVICE_H
#define DASHBOARD_THUMBNAIL_SERVICE_H
#include "store/thumbnail.h"

struct thumbnail_service;

/* The loop of `maker` is used by the service's thread only until thumbnail_service_stop. Returns
 * NULL if the thread cannot be started. */
struct thumbnail_service *thumbnail_service_start(const struct thumbnail_maker *maker);
/* Ends all waits and the thread. Call thumbnail_service_free when no other thread uses the service.
 * NULL is harmless to both. */
void thumbnail_service_stop(struct thumbnail_service *service);
void thumbnail_service_free(struct thumbnail_service *service);

/* Waits until the thumbnail is made, at most a minute. The caller frees *out. ERROR_INPUT with the
 * reason if it cannot be made. */
bool thumbnail_service_get(struct thumbnail_service *service, const char *url,
                           const struct fetch_scope *scope, int edge, struct blob *out,
                           struct error *err) MUST_CHECK;
#endif
