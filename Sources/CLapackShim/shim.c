#define _GNU_SOURCE
#include "CLapackShim.h"
#include "../CLapackSystem/lapack.h"
#include <dlfcn.h>

int cls_potrf(int n, double *a, int lda) {
  int info = 0;
  dpotrf_("L", &n, a, &lda, &info, 1);
  return info;
}

int cls_pstrf(int n, double *a, int lda, int *pivot, int *rank, double tolerance, double *work) {
  int info = 0;
  dpstrf_("L", &n, a, &lda, pivot, rank, &tolerance, work, &info, 1);
  return info;
}

int cls_eigen(int vectors, int n, double *a, int lda, double *w, double *work, int count, int *whole, int wholes) {
  int info = 0;
  dsyevd_(vectors ? "V" : "N", "L", &n, a, &lda, w, work, &count, whole, &wholes, &info, 1, 1);
  return info;
}

void cls_gemm(int flip, int m, int n, int k, const double *a, const double *b, double *c) {
  double one = 1, zero = 0;
  dgemm_("N", flip ? "T" : "N", &m, &n, &k, &one, a, &m, b, flip ? &n : &k, &zero, c, &m, 1, 1);
}

int cls_gels(int m, int n, double *a, int lda, double *b, int ldb, double *work, int count) {
  int one = 1, info = 0;
  dgels_("N", &m, &n, &one, a, &lda, b, &ldb, work, &count, &info, 1);
  return info;
}

int cls_gttrf(int n, double *dl, double *d, double *du, double *du2, int *pivot) {
  int info = 0;
  dgttrf_(&n, dl, d, du, du2, pivot, &info);
  return info;
}

int cls_gttrs(int n, const double *dl, const double *d, const double *du, const double *du2, const int *pivot,
              double *b) {
  int one = 1, info = 0;
  dgttrs_("N", &n, &one, dl, d, du, du2, pivot, b, &n, &info, 1);
  return info;
}

const char *cls_openblas(void) {
  void *symbol = dlsym(RTLD_DEFAULT, "openblas_get_config");
  if (!symbol) return 0;
  const char *(*config)(void) = (const char *(*)(void))symbol;
  return config();
}

void cls_version(int version[3]) { ilaver_(&version[0], &version[1], &version[2]); }
