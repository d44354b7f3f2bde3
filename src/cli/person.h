/* person.h - who sits before the terminal, for records of who did what. */
#ifndef CLI_PERSON_H
#define CLI_PERSON_H

enum { PERSON_BYTES = 130 };

/* "ann@studio": the account's name, and the machine's. */
void person_name(char out[PERSON_BYTES]);
#endif
