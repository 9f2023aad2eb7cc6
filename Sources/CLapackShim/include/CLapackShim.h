#ifndef PLIMSOLL_LAPACK_SHIM_H
#define PLIMSOLL_LAPACK_SHIM_H
int cls_potrf(int n, double *a, int lda);
#endif
