/* Numeric kernels. One body compiled per instruction set, the same bits from each of them.
   Columns have n elements; an output column may be the same memory as an input column of the same
   call, otherwise columns do not overlap. No function reads the environment or keeps state,
   except the level, which is one atomic number of the process. */
#ifndef PLIMSOLL_KERNELS_H
#define PLIMSOLL_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/* Levels: 0 any machine, 1 AVX2 and FMA, 2 AVX-512 (F, DQ, VL). */
int ck_best_level(void);
int ck_level(void);
/* 1 when the level is now in force, 0 when this processor lacks it. */
int ck_select_level(int level);

/* Rounding to nearest, no trapping, gradual underflow for the calling thread. */
void ck_default_environment(void);

double ck_exp1(double x);
double ck_log1(double x);
double ck_expm1_1(double x);
double ck_log1p_1(double x);
double ck_ncdf1(double x);
double ck_quantile1(double p);

void ck_exp(size_t n, const double *x, double *y);
void ck_log(size_t n, const double *x, double *y);
void ck_ncdf(size_t n, const double *x, double *y);
void ck_quantile(size_t n, const double *p, double *y);
/* y[i] = fma(a, x[i], y[i]) */
void ck_axpy(size_t n, double a, const double *x, double *y);
/* y[i] = constant + sum over k < rows of factor[k] * table[start[k] * stride + i], one fma a row, in order. */
void ck_gather(size_t n, size_t rows, const double *table, const ptrdiff_t *start, ptrdiff_t stride,
               const double *factor, double constant, double *y);
void ck_black(size_t n, const double *forward, const double *strike, const double *sd,
              const double *sign, const double *scale, double *value);
/* value[i] = scale * Black(forward * m[i], strike) - less, with m[i] = e^x[i] */
void ck_path(size_t n, const double *x, const double *m, double forward, double strike, double sd,
             double sign, double scale, double less, double *value);
/* ck_path under a standard deviation of its own on each path. */
void ck_moving(size_t n, const double *x, const double *m, const double *deviation, double forward,
               double strike, double sign, double scale, double *value);
void ck_greeks(size_t n, const double *forward, const double *strike, const double *time,
               const double *volatility, const double *sign, double *price, double *delta,
               double *gamma, double *vega, double *theta);
/* Values and Greeks of European options on a spot with a yield, or on a forward (forward != 0: the yield is not
   read, the forward is held fixed). figures of 6, 17 or 19; figure c of row i comes to y[c * stride + i]. */
void ck_european(size_t n, const double *asset, const double *strike, const double *time,
                 const double *volatility, const double *rate, const double *yield, const double *sign,
                 int forward, int figures, double *y, size_t stride);
/* Volatility of a price, 0 unless status is 0. status: 0 found, 1 below intrinsic, 2 above the maximum, 3 at the
   maximum, 4 zero volatility, 5 no time value; out of range: 6 asset, 7 price, 8 strike, 9 time, 10 rate,
   11 yield. */
void ck_implied(size_t n, const double *price, const double *asset, const double *strike, const double *time,
                const double *rate, const double *yield, const double *sign, double *volatility,
                int64_t *status);
/* The same of one row, its 19 figures in y. */
void ck_european1(double asset, double strike, double time, double volatility, double rate, double yield,
                  double sign, int forward, double *y);
double ck_implied1(double price, double asset, double strike, double time, double rate, double yield,
                   double sign, int64_t *status);
/* American puts with strike and time scaled to 1: m = S/K > 0, rho = r T, kappa = q T, v = sigma sqrt(T) > 0, with
   rho > 0, or rho = 0 > kappa. value is V/K by the integral over the boundary, at least the European and at most
   the perpetual one (not clipped to intrinsic), edge the exercise boundary today over K; derivatives, unless null, four columns: the first four derivatives in m. */
void ck_american(size_t n, const double *m, const double *rho, const double *kappa, const double *v,
                 const int scheme[4], const double *table, double *value, double *edge, double *derivatives);
/* Fills the four numbers of a scheme (nodes, quadrature of a node and of the value, iterations) and its table,
   unless null; the count of doubles in the table. */
size_t ck_american_scheme(int accurate, int scheme[4], double *table);
/* Capital over paths. ck_capital_grid prices one option on n paths, a multiple of 16, by x and m = exp(x), under
   columns of six numbers each (move, its logarithm, deviation, rule of the smile, cap, width): path i of column c comes
   to y[i / 8 * stride + 8 * c + i % 8]. ck_capital margins accounts on eight paths: capital in four runs of eight
   an account (isolated, cross, portfolio, portfolio one by one). The layout stands in CapitalProgram.swift, which
   keeps every row inside the table. */
void ck_capital_grid(size_t n, const double *x, const double *m, size_t columns, const double *column,
                     double forward, double strike, double sign, double scale, double *y, size_t stride);
void ck_capital(size_t accounts, const int32_t *code, const double *number, const double *table, size_t width,
                const double *spots, const int32_t *shape, const double *model, double *y);
/* Standard normals of paths first .. first + n - 1 for one factor and step. */
void ck_normals(size_t n, uint64_t first, uint64_t seed, uint32_t factor, uint32_t step, double *y);
/* The uniform numbers behind them: normal = quantile of uniform. */
void ck_uniforms(size_t n, uint64_t first, uint64_t seed, uint32_t factor, uint32_t step, double *y);
/* Dimensions of the Sobol table. */
int ck_sobol_dimensions(void);
/* The 32 direction numbers of a dimension counted from 0, the highest bit worth 1/2; 0 for a dimension without. */
int ck_sobol_directions(int dimension, uint32_t directions[32]);
/* Points first .. first + n - 1 in Gray-code order of one dimension, from directions of 52 bits and a digital shift,
   each in the middle of its interval of 2^-52. */
void ck_sobol(size_t n, uint32_t first, const uint64_t directions[32], uint64_t shift, double *y);
/* Philox4x32-10, in place. */
void ck_philox(uint32_t counter[4], uint32_t key0, uint32_t key1);
#endif
