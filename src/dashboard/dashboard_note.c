/* dashboard_note.c - lines that the dashboard's threads leave for the log, which only one thread
 * may write. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "dashboard/dashboard_internal.h"

enum { NOTE_BYTES = 1000 };

void dashboard_note(struct dashboard *dashboard, const char *fmt, ...)
{
    char text[NOTE_BYTES];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    pthread_mutex_lock(&dashboard->lock);
    if (dashboard->note_count < DASHBOARD_NOTES) {
        dashboard->notes[dashboard->note_count++] = xstrdup(text);
    }
    pthread_mutex_unlock(&dashboard->lock);
}

void dashboard_log_notes(struct dashboard *dashboard)
{
    char *notes[DASHBOARD_NOTES];
    int count;

    pthread_mutex_lock(&dashboard->lock);
    count = dashboard->note_count;
    memcpy(notes, dashboard->notes, sizeof notes);
    dashboard->note_count = 0;
    pthread_mutex_unlock(&dashboard->lock);
    for (int i = 0; i < count; i++) {
        log_printf(LOG_INFO, "dashboard: %s", notes[i]);
        free(notes[i]);
    }
}
