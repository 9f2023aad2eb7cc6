/* Written by notebooks-data/reference/kernel_coefficients.py; do not edit. */
#ifndef PLIMSOLL_COEFFICIENTS_H
#define PLIMSOLL_COEFFICIENTS_H
/* exp(r) = 1 + r + r^2 q(r), |r| <= ln(2)/2 */
static const double CK_EXP[10] = {
    0x1.000000000000cp-1, 0x1.555555555555cp-3, 0x1.555555554fe23p-5, 0x1.111111110eabfp-7,
    0x1.6c16c18601fb9p-10, 0x1.a01a01b40924ap-13, 0x1.a01995c69b421p-16, 0x1.71ddeeed0ec6bp-19,
    0x1.28b0ece3ae54dp-22, 0x1.af6dcb92efe51p-26,
};
/* log((1+s)/(1-s)) = 2 s + s z L(z), z = s^2 <= 1/25 */
static const double CK_LOG[7] = {
    0x1.555555555578ep-1, 0x1.99999998ebabfp-2, 0x1.249249b538e3bp-2, 0x1.c71bff9b9707ap-3,
    0x1.747526b780810p-3, 0x1.384dcef097befp-3, 0x1.3ae3a951aca46p-3,
};
/* N(-x) exp(x^2/2) = P(x)/Q(x), 0 <= x <= 38.6, relative error 5.0e-17 */
static const double CK_MILLS_P[10] = {
    0x1.0000000000000p-1, 0x1.8c96c822a1462p-1, 0x1.2ff0766be626cp-1, 0x1.27f915ba3ea2cp-2,
    0x1.8fa1883c3bcb1p-4, 0x1.825cce88f6dfcp-6, 0x1.0b6e035c41c29p-8, 0x1.007669b6bccacp-11,
    0x1.378dc0a40add2p-15, 0x1.729adee5d6d13p-20,
};
/* constant term 1; all coefficients positive */
static const double CK_MILLS_Q[11] = {
    0x1.0000000000000p+0, 0x1.2c6c78e0a17afp+1, 0x1.47ac5057a5e79p+1, 0x1.b68a1f4c6aba2p+0,
    0x1.8ff957e93cbb4p-1, 0x1.04b70f6a3e6bcp-2, 0x1.ee38b77bdcc17p-5, 0x1.52395bb2525fep-7,
    0x1.4255d89d95796p-10, 0x1.867984ce20b7ap-14, 0x1.d07c04479ef77p-19,
};
/* 1/(sqrt(2 pi) R(x)) - x = P(x)/Q(x), R(x) = N(-x) exp(x^2/2), error 7.6e-18 of 1/(sqrt(2 pi) R) */
static const double CK_REST_P[10] = {
    0x1.9884533d43650p-1, 0x1.0054bff8ebf17p+0, 0x1.4828971c6035cp-1, 0x1.1093eac2cc972p-2,
    0x1.3f44a87ba0c59p-4, 0x1.0f821730bbd1cp-6, 0x1.4e7bbb117575ap-9, 0x1.20448eebb7740p-12,
    0x1.3d5090ab5fabcp-16, 0x1.58504a90980adp-21,
};
/* constant term 1; all coefficients positive */
static const double CK_REST_Q[11] = {
    0x1.0000000000000p+0, 0x1.b5da723e91660p+0, 0x1.72145e3517289p+0, 0x1.9089fb28128a3p-1,
    0x1.30daf4f1aba76p-2, 0x1.53b560501dc74p-4, 0x1.187418acea4eep-6, 0x1.5370fd2ca76f1p-9,
    0x1.219cdf3b6d9c9p-12, 0x1.3d5090aa977c1p-16, 0x1.58504a90b26f3p-21,
};
/* quantile(p) = (2p-1) P(w)/Q(w), w = -ln(4p(1-p)) <= 9, relative error 5.4e-17 */
static const double CK_QUANTILE_P[11] = {
    0x1.40d931ff62705p+0, 0x1.83167abe0e0b3p-2, 0x1.788da6df23286p-4, 0x1.f24a91758d262p-7,
    0x1.da681bf2ddbbbp-10, 0x1.4748e45334a57p-13, 0x1.1d902f32fe98bp-17, 0x1.2c3355fdc8644p-23,
    -0x1.0b21313d7c6d5p-26, -0x1.0914c5050d3f8p-30, -0x1.c08eff25891b2p-37,
};
/* constant term 1 */
static const double CK_QUANTILE_Q[10] = {
    0x1.0000000000000p+0, 0x1.46268835b7d21p-5, 0x1.98bf6a9de9ae7p-5, 0x1.3704fcfc2fddfp-10,
    0x1.8006fcdc45a5ep-11, 0x1.0213ab9e58428p-19, 0x1.6ad1bde9466a5p-19, -0x1.8c8eef32cc648p-24,
    -0x1.32fd226bb400ep-30, -0x1.3a153a6c4dfafp-33,
};
/* -quantile(p) = P(t)/Q(t), t = sqrt(-ln p) - 3.0, up to 27.4, relative error 2.1e-17 */
static const double CK_TAIL_P[10] = {
    0x1.d5305577b96e4p+1, 0x1.607c843f5e53fp+2, 0x1.be6296341494bp+1, 0x1.3f37b5c42f348p+0,
    0x1.1f17cc1ba8568p-2, 0x1.4b892f96803e3p-5, 0x1.d5a3c793b56a7p-9, 0x1.70f1cf94670aap-13,
    0x1.0feeec2d7c7f8p-18, 0x1.0a3dfd7efe0d0p-25,
};
/* constant term 1 */
static const double CK_TAIL_Q[10] = {
    0x1.0000000000000p+0, 0x1.156b15bfa0cbep+0, 0x1.02db3cc120f66p-1, 0x1.14a0cf563c9dap-3,
    0x1.6d1ef9827a41ep-6, 0x1.1f6b96761f1b6p-9, 0x1.e6db75ff6c8cdp-14, 0x1.77c10ba08714bp-19,
    0x1.78855b9e50684p-26, 0x1.43c34739fa5c3p-52,
};
#define CK_QUANTILE_N 11
#define CK_QUANTILE_M 10
#endif
