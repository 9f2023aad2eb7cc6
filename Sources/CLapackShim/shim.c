#include "CLapackShim.h"
#include "../CLapackSystem/lapack.h"
int cls_potrf(int n, double *a, int lda) {
  int info = 0;
  dpotrf_("L", &n, a, &lda, &info, 1);
  return info;
}
