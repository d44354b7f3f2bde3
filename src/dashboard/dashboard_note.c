/* dashboard_note.c - lines that the dashboard's threads leave for the log, which only one thread
 * may write. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "dashboard/dashboard_internal.h"

void dashboard_note(struct dashboard *dashboard, const char *message,
                    const struct log_field *fields, int field_count)
{
    struct dashboard_note *note;

    pthread_mutex_lock(&dashboard->lock);
    if (dashboard->note_count < DASHBOARD_NOTES) {
        note = &dashboard->notes[dashboard->note_count++];
        *note = (struct dashboard_note){ .message = message };
        for (int i = 0; i < field_count; i++) {
            if (fields[i].text[0]) {
                note->fields[note->field_count] = fields[i];
                note->fields[note->field_count++].text = xstrdup(fields[i].text);
            }
        }
    }
    pthread_mutex_unlock(&dashboard->lock);
}

void dashboard_log_notes(struct dashboard *dashboard)
{
    struct dashboard_note notes[DASHBOARD_NOTES];
    int count;

    pthread_mutex_lock(&dashboard->lock);
    count = dashboard->note_count;
    memcpy(notes, dashboard->notes, sizeof notes);
    dashboard->note_count = 0;
    pthread_mutex_unlock(&dashboard->lock);
    for (int i = 0; i < count; i++) {
        log_event(LOG_INFO, notes[i].message, notes[i].fields, notes[i].field_count);
        for (int j = 0; j < notes[i].field_count; j++) {
            free((char *)notes[i].fields[j].text);
        }
    }
}
