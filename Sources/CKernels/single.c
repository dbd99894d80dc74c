// The kernels in single precision, with an exponential that vectorises.
#include "CKernels.h"
#include <string.h>

#define REAL float
#define NAME(name) name##_f
#define INLINE static inline __attribute__((always_inline))

// e^r - 1 for r = x - n ln 2, |r| <= ln 2 / 2, and 2^n: a Taylor polynomial of degree 7 (error below 2^-26 r).
INLINE float reduced_expm1(float x, float *power) {
  x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  float n = x * 1.44269504f + 12582912.0f;  // 1.5 * 2^23: the sum's last bits are the rounded integer
  uint32_t bits;
  memcpy(&bits, &n, 4);
  n -= 12582912.0f;
  bits = (bits + 127u) << 23;
  memcpy(power, &bits, 4);
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  return p * r * r + r;
}

INLINE float fast_exp(float x) {
  float power, e = reduced_expm1(x, &power);
  return power + power * e;
}

// tanh x = (e^2x - 1) / (e^2x + 1), with full relative precision near 0.
INLINE float fast_tanh(float x) {
  x = x < -9.5f ? -9.5f : (x > 9.5f ? 9.5f : x);
  float power, e = reduced_expm1(2 * x, &power);
  e = power * e + (power - 1.0f);
  return e / (e + 2.0f);
}

#define EXP fast_exp
#define TANH fast_tanh
#define SQRT __builtin_elementwise_sqrt
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#include "kernels.inc"
#include "product.inc"
#include "walking.inc"
