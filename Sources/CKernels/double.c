// The kernels in double precision, with the C library's functions: for checks, not for speed.
#include "CKernels.h"

#define REAL double
#define NAME(name) name##_d
#define INLINE static inline __attribute__((always_inline))
#define EXP exp
#define TANH tanh
#include <math.h>
#define SQRT __builtin_elementwise_sqrt
#define INDEPENDENT  // the C library's functions do not vectorise
#include "kernels.inc"
#include "product.inc"
#include "walking.inc"
