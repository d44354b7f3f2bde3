/* operator.h - who sits before the terminal, for records of who did what. */
#ifndef BATCH_OPERATOR_H
#define BATCH_OPERATOR_H

enum { OPERATOR_BYTES = 130 };

/* "ann@studio": the account's name, and the machine's. */
void operator_name(char out[OPERATOR_BYTES]);
#endif
