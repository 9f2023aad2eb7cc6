/* One linear programme solved by COIN-OR Clp, without its objects, its messages or its exceptions.

   Columns are sparse: the terms of column j are at starts[j] .. starts[j + 1] - 1 of rows and factors. Bounds
   beyond 1e30 in size are infinite. The caller has checked every number and index. */
#ifndef PLIMSOLL_CLP_SHIM_H
#define PLIMSOLL_CLP_SHIM_H
#ifdef __cplusplus
extern "C" {
#endif
typedef struct {
  int row_count, column_count;
  const int *starts;
  const int *rows;
  const double *factors;
  const double *column_lower, *column_upper, *costs;
  const double *row_lower, *row_upper;
} clp_programme;

/* Minimises; fills values and reduced costs (a column each) and prices (a row each).
   0 optimal, 1 no feasible point, 2 unbounded, 3 given up (iterations, numbers or memory). */
int clp_minimise(const clp_programme *programme, int most_iterations, double *values, double *reduced_costs,
                 double *prices, double *objective);

/* The version of the library, three numbers. */
void clp_version(int version[3]);
#ifdef __cplusplus
}
#endif
#endif
