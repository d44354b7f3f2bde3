/* operator.h - the operator's name, for the record of who made a batch or a decision. */
#ifndef BATCH_OPERATOR_H
#define BATCH_OPERATOR_H

enum { OPERATOR_BYTES = 130 };

/* Writes "account@host", such as "ann@studio". */
void operator_name(char out[OPERATOR_BYTES]);
#endif
