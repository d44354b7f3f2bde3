/* rejection.h - why the answer to a call was rejected, as it is recorded for operators. */
#ifndef QUEUE_REJECTION_H
#define QUEUE_REJECTION_H

struct rejection {
    const char *check;   /* that rejected it; NULL: it could not be turned into an image to check */
    const char *message; /* what was wrong */
    double measured, limit;
    const char *picture; /* JPEG in base64: the photo's place beside the answer's; NULL: none */
};
#endif
