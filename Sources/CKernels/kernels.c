/* One body, compiled for each instruction set. Contraction is off: only the written fma are fused. */
#include "CKernels.h"
#include "american_nodes.h"
#include "coefficients.h"
#include "sobol_directions.h"
#include <fenv.h>
#include <stdatomic.h>
#pragma STDC FP_CONTRACT OFF
/* The functions that pass vectors are static and always inlined: they have no calling convention to break. */
#pragma clang diagnostic ignored "-Wpsabi"

static const unsigned long long CK_COUNT[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* Rows of the quadratures of all nodes in the largest American scheme. */
#define CK_AMERICAN_ROWS (16 * 24)

/* Most columns of a tile of capital over paths. */
#define CK_CAPITAL_COLUMNS 96

#define CK_PASTE_(a, b) ck_##a##_##b
#define CK_PASTE(a, b) CK_PASTE_(a, b)
#define CK_NAME(name) CK_PASTE(name, CK_LEVEL)

/* Any machine. Without fma in hardware the C library supplies it: slow, the same bits. */
#define CK_LEVEL base
#define CK_W 2
#include "body.inc"
#undef CK_LEVEL
#undef CK_W
#define CK_LEVEL one
#define CK_W 1
#include "body.inc"
#undef CK_LEVEL
#undef CK_W

#if defined(__x86_64__)
/* Two registers a vector here too, as below. */
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CK_LEVEL v3
#define CK_W 8
#include "body.inc"
#undef CK_LEVEL
#undef CK_W
#define CK_LEVEL v3one
#define CK_W 1
#include "body.inc"
#undef CK_LEVEL
#undef CK_W
#pragma clang attribute pop

/* 16 doubles are two 512-bit registers: two independent chains hide latency. */
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"), min_vector_width(512))), apply_to = function)
#define CK_LEVEL v4
#define CK_W 16
#include "body.inc"
#undef CK_LEVEL
#undef CK_W
#pragma clang attribute pop
#endif

static atomic_int chosen = -1;

int ck_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return 2;
  return 1;
#else
  return 0;
#endif
}

void ck_default_environment(void) { fesetenv(FE_DFL_ENV); }

int ck_level(void) {
  int level = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (level < 0) {
    level = ck_best_level();
    atomic_store_explicit(&chosen, level, memory_order_relaxed);
  }
  return level;
}

int ck_select_level(int level) {
  if (level < 0 || level > ck_best_level()) return 0;
  atomic_store_explicit(&chosen, level, memory_order_relaxed);
  return 1;
}

#if defined(__x86_64__)
#define CK_DISPATCH(name, ...)                \
  switch (ck_level()) {                       \
  case 2: ck_##name##_v4(__VA_ARGS__); break; \
  case 1: ck_##name##_v3(__VA_ARGS__); break; \
  default: ck_##name##_base(__VA_ARGS__);     \
  }
#define CK_SCALAR(public, name)                    \
  double public(double x) {                        \
    double y = 0;                                  \
    if (ck_level() > 0) ck_##name##_v3one(1, &x, &y); \
    else ck_##name##_one(1, &x, &y);               \
    return y;                                      \
  }
#else
#define CK_DISPATCH(name, ...) ck_##name##_base(__VA_ARGS__);
#define CK_SCALAR(public, name)  \
  double public(double x) {      \
    double y = 0;                \
    ck_##name##_one(1, &x, &y);  \
    return y;                    \
  }
#endif

CK_SCALAR(ck_exp1, exp)
CK_SCALAR(ck_log1, log)
CK_SCALAR(ck_expm1_1, expm1)
CK_SCALAR(ck_log1p_1, log1p)
CK_SCALAR(ck_ncdf1, ncdf)
CK_SCALAR(ck_quantile1, quantile)

void ck_exp(size_t n, const double *x, double *y) { CK_DISPATCH(exp, n, x, y) }
void ck_log(size_t n, const double *x, double *y) { CK_DISPATCH(log, n, x, y) }
void ck_ncdf(size_t n, const double *x, double *y) { CK_DISPATCH(ncdf, n, x, y) }
void ck_quantile(size_t n, const double *p, double *y) { CK_DISPATCH(quantile, n, p, y) }
void ck_axpy(size_t n, double a, const double *x, double *y) { CK_DISPATCH(axpy, n, a, x, y) }
void ck_gather(size_t n, size_t rows, const double *table, const ptrdiff_t *start, ptrdiff_t stride,
               const double *factor, double constant, double *y) {
#if defined(__x86_64__)
  if (ck_level() == 2) {
    /* The wide body takes whole groups of 64; the narrower one loses less on the rest. */
    size_t wide = n & ~(size_t)63;
    ck_gather_v4(wide, rows, table, start, stride, factor, constant, y);
    ck_gather_v3(n - wide, rows, table + wide, start, stride, factor, constant, y + wide);
    return;
  }
#endif
  CK_DISPATCH(gather, n, rows, table, start, stride, factor, constant, y)
}
void ck_black(size_t n, const double *forward, const double *strike, const double *sd, const double *sign,
              const double *scale, double *value) {
  CK_DISPATCH(black, n, forward, strike, sd, sign, scale, value)
}
void ck_path(size_t n, const double *x, const double *m, double forward, double strike, double sd,
             double sign, double scale, double less, double *value) {
  CK_DISPATCH(path, n, x, m, forward, strike, sd, sign, scale, less, value)
}
void ck_moving(size_t n, const double *x, const double *m, const double *deviation, double forward,
               double strike, double sign, double scale, double *value) {
  CK_DISPATCH(moving, n, x, m, deviation, forward, strike, sign, scale, value)
}
void ck_greeks(size_t n, const double *forward, const double *strike, const double *time,
               const double *volatility, const double *sign, double *price, double *delta, double *gamma,
               double *vega, double *theta) {
  CK_DISPATCH(greeks, n, forward, strike, time, volatility, sign, price, delta, gamma, vega, theta)
}
void ck_european(size_t n, const double *asset, const double *strike, const double *time,
                 const double *volatility, const double *rate, const double *yield, const double *sign,
                 int forward, int figures, double *y, size_t stride) {
  CK_DISPATCH(european, n, asset, strike, time, volatility, rate, yield, sign, forward, figures, y, stride)
}
void ck_implied(size_t n, const double *price, const double *asset, const double *strike, const double *time,
                const double *rate, const double *yield, const double *sign, double *volatility,
                int64_t *status) {
  CK_DISPATCH(implied, n, price, asset, strike, time, rate, yield, sign, volatility, status)
}
#if defined(__x86_64__)
#define CK_ONE(name, ...)                          \
  if (ck_level() > 0) ck_##name##_v3one(__VA_ARGS__); \
  else ck_##name##_one(__VA_ARGS__);
#else
#define CK_ONE(name, ...) ck_##name##_one(__VA_ARGS__);
#endif
void ck_european1(double asset, double strike, double time, double volatility, double rate, double yield,
                  double sign, int forward, double *y) {
  CK_ONE(european, 1, &asset, &strike, &time, &volatility, &rate, &yield, &sign, forward, 19, y, 1)
}
double ck_implied1(double price, double asset, double strike, double time, double rate, double yield,
                   double sign, int64_t *status) {
  double y = 0;
  CK_ONE(implied, 1, &price, &asset, &strike, &time, &rate, &yield, &sign, &y, status)
  return y;
}
void ck_american(size_t n, const double *m, const double *rho, const double *kappa, const double *v,
                 const int scheme[4], const double *table, double *value, double *edge, double *derivatives) {
  CK_DISPATCH(american, n, m, rho, kappa, v, scheme, table, value, edge, derivatives)
}

/* Barycentric weights of the polynomial through Chebyshev extrema; its value at 0 is 0. */
static void american_row(int n, const double *node, double x, double *row) {
  double sum = 0;
  for (int j = 0; j <= n; j++) {
    double part = (j == 0 || j == n ? 0.5 : 1.0) * (j & 1 ? -1.0 : 1.0) / (x - node[j]);
    sum += part;
    if (j > 0) row[j - 1] = part;
  }
  for (int j = 0; j < n; j++) row[j] /= sum;
}

static double *american_rows(int n, int l, const double *node, const double *sine, const double *cosine,
                             const double *weight, double xi, double *at) {
  for (int k = 0; k < l; k++, at += 4 + n) {
    at[0] = xi * sine[k];
    at[1] = at[0] * at[0];
    at[2] = xi * xi * weight[k];
    at[3] = at[2] / at[0];
    american_row(n, node, xi * cosine[k], at + 4);
  }
  return at;
}

size_t ck_american_scheme(int accurate, int scheme[4], double *table) {
  const int n = accurate ? 16 : 8, l = accurate ? 24 : 10, p = accurate ? 64 : 32;
  const double *node = accurate ? CK_CHEBYSHEV_16 : CK_CHEBYSHEV_8;
  if (scheme) {
    scheme[0] = n;
    scheme[1] = l;
    scheme[2] = p;
    scheme[3] = accurate ? 6 : 3;
  }
  double *at = table;
  for (int i = 1; table && i <= n; i++) {
    *at++ = node[i];
    at = american_rows(n, l, node, accurate ? CK_SIN_24 : CK_SIN_10, accurate ? CK_COS_24 : CK_COS_10,
                       accurate ? CK_WEIGHT_24 : CK_WEIGHT_10, node[i], at);
  }
  if (table)
    american_rows(n, p, node, accurate ? CK_SIN_64 : CK_SIN_32, accurate ? CK_COS_64 : CK_COS_32,
                  accurate ? CK_WEIGHT_64 : CK_WEIGHT_32, 1.0, at);
  return (size_t)(n * (1 + l * (4 + n)) + p * (4 + n));
}

void ck_capital_grid(size_t n, const double *x, const double *m, size_t columns, const double *column,
                     double forward, double strike, double sign, double scale, double *y, size_t stride) {
  CK_DISPATCH(capital_grid, n, x, m, columns, column, forward, strike, sign, scale, y, stride)
}
void ck_capital(size_t accounts, const int32_t *code, const double *number, const double *table, size_t width,
                const double *spots, const int32_t *shape, const double *model, double *y) {
  CK_DISPATCH(capital, accounts, code, number, table, width, spots, shape, model, y)
}

void ck_normals(size_t n, uint64_t first, uint64_t seed, uint32_t factor, uint32_t step, double *y) {
  CK_DISPATCH(normals, n, first, seed, factor, step, y)
}

void ck_uniforms(size_t n, uint64_t first, uint64_t seed, uint32_t factor, uint32_t step, double *y) {
  CK_DISPATCH(uniforms, n, first, seed, factor, step, y)
}

int ck_sobol_dimensions(void) { return CK_SOBOL_DIMENSIONS; }

int ck_sobol_directions(int dimension, uint32_t directions[32]) {
  if (dimension < 0 || dimension >= CK_SOBOL_DIMENSIONS) return 0;
  const uint16_t *word = CK_SOBOL_WORDS + CK_SOBOL_STARTS[dimension];
  uint32_t polynomial = *word++;
  int degree = 31 - __builtin_clz(polynomial);
  for (int i = 0; i < 32; i++) {
    if (degree == 0) {
      directions[i] = (uint32_t)1 << (31 - i);
    } else if (i < degree) {
      directions[i] = (uint32_t)word[i] << (31 - i);
    } else {
      uint32_t v = directions[i - degree] ^ (directions[i - degree] >> degree);
      for (int k = 1; k < degree; k++)
        if (polynomial >> (degree - k) & 1) v ^= directions[i - k];
      directions[i] = v;
    }
  }
  return 1;
}

void ck_sobol(size_t n, uint32_t first, const uint64_t directions[32], uint64_t shift, double *y) {
  uint32_t gray = first ^ (first >> 1);
  uint64_t state = shift;
  for (int k = 0; k < 32; k++)
    if (gray >> k & 1) state ^= directions[k];
  for (size_t i = 0; i < n; i++) {
    y[i] = ((double)state + 0.5) * 0x1p-52;
    uint32_t next = first + (uint32_t)i + 1;
    state ^= directions[next ? __builtin_ctz(next) : 31];
  }
}

void ck_philox(uint32_t counter[4], uint32_t key0, uint32_t key1) {
  ck_U_one c[4];
  for (int i = 0; i < 4; i++) c[i] = (ck_U_one){counter[i]};
  ck_philox_one(c, key0, key1);
  for (int i = 0; i < 4; i++) counter[i] = (uint32_t)c[i][0];
}
