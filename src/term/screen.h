/* screen.h - a page that fills the terminal and is drawn again and again, like that of top.
 *
 * It uses the terminal's second screen, so that the shell's text is there again afterwards. The
 * terminal is restored at the end, also after a signal that ends the process, and while the process
 * is stopped (Ctrl-Z). */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum screen_event {
    SCREEN_TICK,    /* the time is over */
    SCREEN_RESIZED, /* draw again: another size, or the process continues after Ctrl-Z */
    SCREEN_KEY,     /* a key was pressed, other than q */
    SCREEN_QUIT     /* q, Ctrl-C, or another signal that ends the process */
};

/* Takes over standard output and input, which must be a terminal. One screen at a time. */
void screen_open(void);
/* Restores the terminal. Returns the signal that ended the page, or 0. */
int screen_close(void);
/* Draws the text: as many lines as fit, cleared to the end of each. */
void screen_draw(const char *text);
/* Waits for an event, at most wait_ms. */
enum screen_event screen_wait(int64_t wait_ms);
/* Not 0 once the page shall end: for sql_open_stoppable. */
extern volatile sig_atomic_t screen_stopped;
#endif
