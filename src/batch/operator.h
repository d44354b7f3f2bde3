/* operator.h - who sits before the terminal, for records of who did what. */
#ifndef BATCH_OPERATOR_H
#define BATCH_OPERATOR_H

enum { PERSON_BYTES = 130 };

/* "ann@studio": the account's name, and the machine's. */
void person_name(char out[PERSON_BYTES]);
#endif
