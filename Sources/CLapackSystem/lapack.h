/* Fortran LAPACK as gfortran exports it: one hidden length per CHARACTER argument, at the end. */
#ifndef PLIMSOLL_LAPACK_H
#define PLIMSOLL_LAPACK_H
#include <stddef.h>
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uplo_length);
#endif
