#ifndef PLIMSOLL_KERNELS_H
#define PLIMSOLL_KERNELS_H
int ck_level(void);
#endif
