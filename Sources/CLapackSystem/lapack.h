/* Fortran LAPACK as gfortran exports it: one hidden length per CHARACTER argument, at the end. */
#ifndef PLIMSOLL_LAPACK_H
#define PLIMSOLL_LAPACK_H
#include <stddef.h>
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uplo_length);
void dpstrf_(const char *uplo, const int *n, double *a, const int *lda, int *pivot, int *rank,
             const double *tolerance, double *work, int *info, size_t uplo_length);
void dsyevd_(const char *job, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info, size_t job_length, size_t uplo_length);
void dgemm_(const char *flip_a, const char *flip_b, const int *m, const int *n, const int *k, const double *alpha,
            const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc, size_t flip_a_length, size_t flip_b_length);
void dgels_(const char *trans, const int *m, const int *n, const int *nrhs, double *a, const int *lda,
            double *b, const int *ldb, double *work, const int *lwork, int *info, size_t trans_length);
void dgttrf_(const int *n, double *dl, double *d, double *du, double *du2, int *pivot, int *info);
void dgttrs_(const char *trans, const int *n, const int *nrhs, const double *dl, const double *d, const double *du,
             const double *du2, const int *pivot, double *b, const int *ldb, int *info, size_t trans_length);
void ilaver_(int *major, int *minor, int *patch);
#endif
