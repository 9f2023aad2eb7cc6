/* Written by notebooks-data/reference/american_nodes.py; do not edit. */
#ifndef PLIMSOLL_AMERICAN_NODES_H
#define PLIMSOLL_AMERICAN_NODES_H
/* 10 nodes: sin, cos, and the weight times 2 sin cos */
static const double CK_SIN_10[10] = {
    0x1.4fbf0fdcb0107p-6, 0x1.b1471d5266340p-4, 0x1.fe3c98a2b6df5p-3, 0x1.b8cc5e35f5c9ep-2,
    0x1.3d54da4adfe09p-1, 0x1.91cd47b5849f3p-1, 0x1.ce22689f9ca99p-1, 0x1.efdb00b577fd5p-1,
    0x1.fd209e3e6f46ep-1, 0x1.ffe479e8fa762p-1,
};
static const double CK_COS_10[10] = {
    0x1.ffe479e8fa762p-1, 0x1.fd209e3e6f46ep-1, 0x1.efdb00b577fd5p-1, 0x1.ce22689f9ca99p-1,
    0x1.91cd47b5849f3p-1, 0x1.3d54da4adfe09p-1, 0x1.b8cc5e35f5c9ep-2, 0x1.fe3c98a2b6df5p-3,
    0x1.b1471d5266340p-4, 0x1.4fbf0fdcb0107p-6,
};
static const double CK_WEIGHT_10[10] = {
    0x1.193c1fbad4275p-9, 0x1.94940ff5d24c1p-6, 0x1.541cb1ebb9db5p-4, 0x1.509102c21474fp-3,
    0x1.ce6931ca69035p-3, 0x1.ce6931ca69035p-3, 0x1.509102c21474fp-3, 0x1.541cb1ebb9db5p-4,
    0x1.94940ff5d24c1p-6, 0x1.193c1fbad4275p-9,
};
/* 24 nodes: sin, cos, and the weight times 2 sin cos */
static const double CK_SIN_24[24] = {
    0x1.ef71b9b37e498p-9, 0x1.452bb0ee42c00p-6, 0x1.8cfc20013cc69p-5, 0x1.6cea6e7cb795cp-4,
    0x1.209003f620169p-3, 0x1.9f1cde59ee96fp-3, 0x1.176e29939b1e1p-2, 0x1.65e0516c2ca54p-2,
    0x1.b8826103e6d05p-2, 0x1.0657d3e6a7ac0p-1, 0x1.2fd3f526a5ad3p-1, 0x1.575fc16eaa1f4p-1,
    0x1.7bc9816e09ff6p-1, 0x1.9c1b837d5a856p-1, 0x1.b7ae8c48116eap-1, 0x1.ce340b7ba7433p-1,
    0x1.dfb6af396704cp-1, 0x1.ec9185aa000dbp-1, 0x1.f55f48c1c0a38p-1, 0x1.fae468e028f65p-1,
    0x1.fdf6cb352404ap-1, 0x1.ff660198a632cp-1, 0x1.ffe62ed9f3ceap-1, 0x1.ffff104988381p-1,
};
static const double CK_COS_24[24] = {
    0x1.ffff104988381p-1, 0x1.ffe62ed9f3ceap-1, 0x1.ff660198a632cp-1, 0x1.fdf6cb352404ap-1,
    0x1.fae468e028f65p-1, 0x1.f55f48c1c0a38p-1, 0x1.ec9185aa000dbp-1, 0x1.dfb6af396704cp-1,
    0x1.ce340b7ba7433p-1, 0x1.b7ae8c48116eap-1, 0x1.9c1b837d5a856p-1, 0x1.7bc9816e09ff6p-1,
    0x1.575fc16eaa1f4p-1, 0x1.2fd3f526a5ad3p-1, 0x1.0657d3e6a7ac0p-1, 0x1.b8826103e6d05p-2,
    0x1.65e0516c2ca54p-2, 0x1.176e29939b1e1p-2, 0x1.9f1cde59ee96fp-3, 0x1.209003f620169p-3,
    0x1.6cea6e7cb795cp-4, 0x1.8cfc20013cc69p-5, 0x1.452bb0ee42c00p-6, 0x1.ef71b9b37e498p-9,
};
static const double CK_WEIGHT_24[24] = {
    0x1.33573372be4c9p-14, 0x1.d23fed3afdefep-11, 0x1.b9404510ccf43p-9, 0x1.0ed79cc5d7c39p-7,
    0x1.075084154b020p-6, 0x1.b84660d728981p-6, 0x1.49c572835e102p-5, 0x1.c4ba8f3cc21f2p-5,
    0x1.209a7312fc8a7p-4, 0x1.5874a0de85ef9p-4, 0x1.82b65dce19515p-4, 0x1.997e88bca32b0p-4,
    0x1.997e88bca32b0p-4, 0x1.82b65dce19515p-4, 0x1.5874a0de85ef9p-4, 0x1.209a7312fc8a7p-4,
    0x1.c4ba8f3cc21f2p-5, 0x1.49c572835e102p-5, 0x1.b84660d728981p-6, 0x1.075084154b020p-6,
    0x1.0ed79cc5d7c39p-7, 0x1.b9404510ccf43p-9, 0x1.d23fed3afdefep-11, 0x1.33573372be4c9p-14,
};
/* 32 nodes: sin, cos, and the weight times 2 sin cos */
static const double CK_SIN_32[32] = {
    0x1.19ab01683f32fp-9, 0x1.724b0fa116c66p-7, 0x1.c5614fff54619p-6, 0x1.a2a1758679dbap-5,
    0x1.4d2a5936f12a9p-4, 0x1.e37412055bc75p-4, 0x1.492367aa0cd44p-3, 0x1.ab9d3e0071ad1p-3,
    0x1.0bd7fa5d1037cp-2, 0x1.45d0872b8dbcap-2, 0x1.82bc3b527b031p-2, 0x1.c1858206b0ff0p-2,
    0x1.00828a44d034ap-1, 0x1.20060e905b31bp-1, 0x1.3eb80582d2e04p-1, 0x1.5c0b9f7078ec8p-1,
    0x1.7782c70fd20ffp-1, 0x1.90b3c79b9eeebp-1, 0x1.a74dda4cb2d0ap-1, 0x1.bb1c36d647c5bp-1,
    0x1.cc0766ea5d976p-1, 0x1.da14c78eea4d2p-1, 0x1.e5644e3bd1a4cp-1, 0x1.ee2ccd9d6a1a8p-1,
    0x1.f4b711fb8d3a7p-1, 0x1.f9583d261cd35p-1, 0x1.fc6bcd103bf43p-1, 0x1.fe4db09890d60p-1,
    0x1.ff54be716ea44p-1, 0x1.ffcdce7184fa7p-1, 0x1.fff7a17a40702p-1, 0x1.ffffb285c34eep-1,
};
static const double CK_COS_32[32] = {
    0x1.ffffb285c34eep-1, 0x1.fff7a17a40702p-1, 0x1.ffcdce7184fa7p-1, 0x1.ff54be716ea44p-1,
    0x1.fe4db09890d60p-1, 0x1.fc6bcd103bf43p-1, 0x1.f9583d261cd35p-1, 0x1.f4b711fb8d3a7p-1,
    0x1.ee2ccd9d6a1a8p-1, 0x1.e5644e3bd1a4cp-1, 0x1.da14c78eea4d2p-1, 0x1.cc0766ea5d976p-1,
    0x1.bb1c36d647c5bp-1, 0x1.a74dda4cb2d0ap-1, 0x1.90b3c79b9eeebp-1, 0x1.7782c70fd20ffp-1,
    0x1.5c0b9f7078ec8p-1, 0x1.3eb80582d2e04p-1, 0x1.20060e905b31bp-1, 0x1.00828a44d034ap-1,
    0x1.c1858206b0ff0p-2, 0x1.82bc3b527b031p-2, 0x1.45d0872b8dbcap-2, 0x1.0bd7fa5d1037cp-2,
    0x1.ab9d3e0071ad1p-3, 0x1.492367aa0cd44p-3, 0x1.e37412055bc75p-4, 0x1.4d2a5936f12a9p-4,
    0x1.a2a1758679dbap-5, 0x1.c5614fff54619p-6, 0x1.724b0fa116c66p-7, 0x1.19ab01683f32fp-9,
};
static const double CK_WEIGHT_32[32] = {
    0x1.8d7b6362fa002p-16, 0x1.2ee53a9d3bbb1p-12, 0x1.21394ab7b2111p-10, 0x1.6822bd57db625p-9,
    0x1.657dee2b90d28p-8, 0x1.33a9163bfe985p-7, 0x1.df2224bfd74bdp-7, 0x1.59e75d9802e2ep-6,
    0x1.d60d283a50a22p-6, 0x1.2f830ab4210e6p-5, 0x1.76e5fc6a9a06cp-5, 0x1.bcdff2eb09111p-5,
    0x1.fcb18e85343e9p-5, 0x1.18d210b5f6951p-4, 0x1.2bc7c5f74a902p-4, 0x1.35acc54e08eedp-4,
    0x1.35acc54e08eedp-4, 0x1.2bc7c5f74a902p-4, 0x1.18d210b5f6951p-4, 0x1.fcb18e85343e9p-5,
    0x1.bcdff2eb09111p-5, 0x1.76e5fc6a9a06cp-5, 0x1.2f830ab4210e6p-5, 0x1.d60d283a50a22p-6,
    0x1.59e75d9802e2ep-6, 0x1.df2224bfd74bdp-7, 0x1.33a9163bfe985p-7, 0x1.657dee2b90d28p-8,
    0x1.6822bd57db625p-9, 0x1.21394ab7b2111p-10, 0x1.2ee53a9d3bbb1p-12, 0x1.8d7b6362fa002p-16,
};
/* 64 nodes: sin, cos, and the weight times 2 sin cos */
static const double CK_SIN_64[64] = {
    0x1.1e2a933181e57p-11, 0x1.78c2ed31525ccp-9, 0x1.ce8df9af2d8bep-8, 0x1.acd83efb53ae3p-7,
    0x1.57344d24769d3p-6, 0x1.f5a8af4d2dcccp-6, 0x1.58afbb3826117p-5, 0x1.c4eb6acf392c4p-5,
    0x1.1f9cd2fd83c32p-4, 0x1.639f75f6720e0p-4, 0x1.ae488a8c7f026p-4, 0x1.ff5b3c0d51e63p-4,
    0x1.2b494957b1bb5p-3, 0x1.59d0914a558f5p-3, 0x1.8b1868d3ad6d1p-3, 0x1.bef15cda09170p-3,
    0x1.f52795d713f22p-3, 0x1.16c17619916f8p-2, 0x1.33e3888ad0ffdp-2, 0x1.51d9e6751d99fp-2,
    0x1.7082aa262e0b0p-2, 0x1.8fba59b7610dep-2, 0x1.af5c27b77e448p-2, 0x1.cf423e2d39083p-2,
    0x1.ef46130080e8ap-2, 0x1.07a06243ae1fdp-1, 0x1.1785be541326ep-1, 0x1.273fec60be91ep-1,
    0x1.36bc2a2950f20p-1, 0x1.45e85a1beb5bep-1, 0x1.54b3381b98c62p-1, 0x1.630c8c4a50181p-1,
    0x1.70e55ab8019fdp-1, 0x1.7e300ee7115a4p-1, 0x1.8ae0a22df3f4cp-1, 0x1.96ecbc1c917a1p-1,
    0x1.a24bcc3178f9dp-1, 0x1.acf71c5574715p-1, 0x1.b6e9dbc21a486p-1, 0x1.c0212227e2081p-1,
    0x1.c89beb184b3adp-1, 0x1.d05b09e721a74p-1, 0x1.d76116614aa75p-1, 0x1.ddb252de6e3c2p-1,
    0x1.e3548c541cfd7p-1, 0x1.e84ef52bf512cp-1, 0x1.eca9fbb236e5bp-1, 0x1.f06f1cff02acfp-1,
    0x1.f3a8b54235df5p-1, 0x1.f661ce58f7353p-1, 0x1.f8a5ed8d14269p-1, 0x1.fa80e1523980fp-1,
    0x1.fbfe8fc4c4315p-1, 0x1.fd2ac69a784f1p-1, 0x1.fe110d1ff2f98p-1, 0x1.febc78c739935p-1,
    0x1.ff3784b55dbebp-1, 0x1.ff8beca7ab85dp-1, 0x1.ffc28b74fb824p-1, 0x1.ffe33d5e1fb51p-1,
    0x1.fff4c6515a74cp-1, 0x1.fffcbc3895e72p-1, 0x1.ffff7560a1f0ap-1, 0x1.fffffb007359ep-1,
};
static const double CK_COS_64[64] = {
    0x1.fffffb007359ep-1, 0x1.ffff7560a1f0ap-1, 0x1.fffcbc3895e72p-1, 0x1.fff4c6515a74cp-1,
    0x1.ffe33d5e1fb51p-1, 0x1.ffc28b74fb824p-1, 0x1.ff8beca7ab85dp-1, 0x1.ff3784b55dbebp-1,
    0x1.febc78c739935p-1, 0x1.fe110d1ff2f98p-1, 0x1.fd2ac69a784f1p-1, 0x1.fbfe8fc4c4315p-1,
    0x1.fa80e1523980fp-1, 0x1.f8a5ed8d14269p-1, 0x1.f661ce58f7353p-1, 0x1.f3a8b54235df5p-1,
    0x1.f06f1cff02acfp-1, 0x1.eca9fbb236e5bp-1, 0x1.e84ef52bf512cp-1, 0x1.e3548c541cfd7p-1,
    0x1.ddb252de6e3c2p-1, 0x1.d76116614aa75p-1, 0x1.d05b09e721a74p-1, 0x1.c89beb184b3adp-1,
    0x1.c0212227e2081p-1, 0x1.b6e9dbc21a486p-1, 0x1.acf71c5574715p-1, 0x1.a24bcc3178f9dp-1,
    0x1.96ecbc1c917a1p-1, 0x1.8ae0a22df3f4cp-1, 0x1.7e300ee7115a4p-1, 0x1.70e55ab8019fdp-1,
    0x1.630c8c4a50181p-1, 0x1.54b3381b98c62p-1, 0x1.45e85a1beb5bep-1, 0x1.36bc2a2950f20p-1,
    0x1.273fec60be91ep-1, 0x1.1785be541326ep-1, 0x1.07a06243ae1fdp-1, 0x1.ef46130080e8ap-2,
    0x1.cf423e2d39083p-2, 0x1.af5c27b77e448p-2, 0x1.8fba59b7610dep-2, 0x1.7082aa262e0b0p-2,
    0x1.51d9e6751d99fp-2, 0x1.33e3888ad0ffdp-2, 0x1.16c17619916f8p-2, 0x1.f52795d713f22p-3,
    0x1.bef15cda09170p-3, 0x1.8b1868d3ad6d1p-3, 0x1.59d0914a558f5p-3, 0x1.2b494957b1bb5p-3,
    0x1.ff5b3c0d51e63p-4, 0x1.ae488a8c7f026p-4, 0x1.639f75f6720e0p-4, 0x1.1f9cd2fd83c32p-4,
    0x1.c4eb6acf392c4p-5, 0x1.58afbb3826117p-5, 0x1.f5a8af4d2dcccp-6, 0x1.57344d24769d3p-6,
    0x1.acd83efb53ae3p-7, 0x1.ce8df9af2d8bep-8, 0x1.78c2ed31525ccp-9, 0x1.1e2a933181e57p-11,
};
static const double CK_WEIGHT_64[64] = {
    0x1.9a6b647cc6ae2p-20, 0x1.3a2576cb61dc9p-16, 0x1.2e74e72b84c8ep-14, 0x1.7d5ed0b7fbcf3p-13,
    0x1.813ef781e9e03p-12, 0x1.5353a6ce68232p-11, 0x1.1039a9f2bff84p-10, 0x1.9811504fdd720p-10,
    0x1.225ecf550667cp-9, 0x1.8c96a72ec568fp-9, 0x1.05e5da05bc068p-8, 0x1.505872cb0a38ap-8,
    0x1.a5c2320c017fap-8, 0x1.03011f09f4fe8p-7, 0x1.385993dc27644p-7, 0x1.7293bed31b0aep-7,
    0x1.b133f98defaf1p-7, 0x1.f399b6903280ap-7, 0x1.1c804f73f84adp-6, 0x1.404170eea5521p-6,
    0x1.648e62fe856a8p-6, 0x1.88d8be54aabb5p-6, 0x1.ac8894b0d4b64p-6, 0x1.cefffe80fc7ccp-6,
    0x1.ef9f1a2b98496p-6, 0x1.06e42e6e171e5p-5, 0x1.147286ffac0bcp-5, 0x1.2034e0d45801fp-5,
    0x1.29ed51aba6413p-5, 0x1.3167b1242da14p-5, 0x1.367b49763d6ecp-5, 0x1.390c2f0e49438p-5,
    0x1.390c2f0e49438p-5, 0x1.367b49763d6ecp-5, 0x1.3167b1242da14p-5, 0x1.29ed51aba6413p-5,
    0x1.2034e0d45801fp-5, 0x1.147286ffac0bcp-5, 0x1.06e42e6e171e5p-5, 0x1.ef9f1a2b98496p-6,
    0x1.cefffe80fc7ccp-6, 0x1.ac8894b0d4b64p-6, 0x1.88d8be54aabb5p-6, 0x1.648e62fe856a8p-6,
    0x1.404170eea5521p-6, 0x1.1c804f73f84adp-6, 0x1.f399b6903280ap-7, 0x1.b133f98defaf1p-7,
    0x1.7293bed31b0aep-7, 0x1.385993dc27644p-7, 0x1.03011f09f4fe8p-7, 0x1.a5c2320c017fap-8,
    0x1.505872cb0a38ap-8, 0x1.05e5da05bc068p-8, 0x1.8c96a72ec568fp-9, 0x1.225ecf550667cp-9,
    0x1.9811504fdd720p-10, 0x1.1039a9f2bff84p-10, 0x1.5353a6ce68232p-11, 0x1.813ef781e9e03p-12,
    0x1.7d5ed0b7fbcf3p-13, 0x1.2e74e72b84c8ep-14, 0x1.3a2576cb61dc9p-16, 0x1.9a6b647cc6ae2p-20,
};
/* Chebyshev nodes of degree 8 on [0, 1] */
static const double CK_CHEBYSHEV_8[9] = {
    0x0.0p+0, 0x1.37ca1866b95cfp-5, 0x1.2bec333018867p-3, 0x1.3c10eaca8ab4fp-2,
    0x1.0000000000000p-1, 0x1.61f78a9abaa59p-1, 0x1.b504f333f9de6p-1, 0x1.ec835e79946a3p-1,
    0x1.0000000000000p+0,
};
/* Chebyshev nodes of degree 16 on [0, 1] */
static const double CK_CHEBYSHEV_16[17] = {
    0x0.0p+0, 0x1.3ad06011469fbp-7, 0x1.37ca1866b95cfp-5, 0x1.592675bc57974p-4,
    0x1.2bec333018867p-3, 0x1.c71898ca32e6fp-3, 0x1.3c10eaca8ab4fp-2, 0x1.9c1d1f0e5967dp-2,
    0x1.0000000000000p-1, 0x1.31f17078d34c1p-1, 0x1.61f78a9abaa59p-1, 0x1.8e39d9cd73464p-1,
    0x1.b504f333f9de6p-1, 0x1.d4db3148750d2p-1, 0x1.ec835e79946a3p-1, 0x1.fb14be7fbae58p-1,
    0x1.0000000000000p+0,
};
#endif
