/* The few LAPACK routines in use, column-major, without Fortran pointers or hidden lengths.
   Each returns LAPACK's info: 0 done, negative a wrong argument, positive as said below. */
#ifndef PLIMSOLL_LAPACK_SHIM_H
#define PLIMSOLL_LAPACK_SHIM_H
/* Lower Cholesky in place; info k > 0: the leading minor of order k is not positive. */
int cls_potrf(int n, double *a, int lda);
/* Pivoted lower Cholesky in place; pivot is 1-based; work holds 2 n; info 1: rank below n. */
int cls_pstrf(int n, double *a, int lda, int *pivot, int *rank, double tolerance, double *work);
/* Eigenvalues ascending in w; a becomes the vectors by columns where asked for, else it is overwritten.
   With vectors work holds count >= 1 + 6 n + 2 n n and whole holds wholes >= 3 + 5 n numbers, else 2 n + 1 and 1. */
int cls_eigen(int vectors, int n, double *a, int lda, double *w, double *work, int count, int *whole, int wholes);
/* c (m by n) = a b with a m by k and b k by n, or n by k where it is flipped; all dense. */
void cls_gemm(int flip, int m, int n, int k, const double *a, const double *b, double *c);
/* Least squares of a full-rank a (m by n, m >= n) by QR: the solution replaces b; work holds count numbers. */
int cls_gels(int m, int n, double *a, int lda, double *b, int ldb, double *work, int count);
/* LU of a tridiagonal matrix in place: dl and du hold n - 1, d and pivot n, du2 n - 2; info k > 0: singular. */
int cls_gttrf(int n, double *dl, double *d, double *du, double *du2, int *pivot);
/* Solves by that LU, b in place. */
int cls_gttrs(int n, const double *dl, const double *d, const double *du, const double *du2, const int *pivot,
              double *b);
/* What OpenBLAS says of itself, or null when the library loaded is another. */
const char *cls_openblas(void);
/* The LAPACK version, three numbers. */
void cls_version(int version[3]);
#endif
