// Bits by the chain rule within a step, in double precision.
#include "CKernels.h"
#include "clones.h"

// Bits by the chain rule within a step, with hidden units of each component (a neural autoregressive distribution estimator,
// Larochelle and Murray 2011, whose weights are shared over components as in Johnson 2017): of component i
//   a_i = p + E_i + Σ_{j<i, y_j} U_j + Σ_{j<i, y_j} L_{i−j} + Σ_f Σ_{past f, j} R_{f, i−j}
//   logit_i = o_i + Σ_{j<i, y_j} A_ij + Σ_k max(a_ik, 0) (V_ik + v_k)
// L looks at `lower` components below, R at `reach` components on both sides of i in each earlier step.
typedef struct {
  const double *a, *e, *u, *v, *shared, *relative;
} ck_keys;

static inline ck_keys keys_of(size_t d, size_t n, const double *weights) {
  ck_keys k;
  k.a = weights;
  k.e = k.a + d * (d - 1) / 2;
  k.u = k.e + d * n;
  k.v = k.u + d * n;
  k.shared = k.v + d * n;
  k.relative = k.shared + n;
  return k;
}

// The hidden units of all components, before the rectifier: d × n.
CLONES void ck_keys_hidden(size_t d, size_t n, size_t lower, size_t frames, size_t reach, const double *weights,
                           const double *projection, const double *y, const double *past, double *restrict sum,
                           double *restrict hidden) {
  ck_keys k = keys_of(d, n, weights);
  for (size_t c = 0; c < n; c++) sum[c] = projection[c];
  for (size_t i = 0; i < d; i++) {
    double *h = hidden + i * n;
    const double *e = k.e + i * n, *u = k.u + i * n;
    for (size_t c = 0; c < n; c++) h[c] = sum[c] + e[c];
    if (y[i] != 0)
      for (size_t c = 0; c < n; c++) sum[c] += u[c];
  }
  for (size_t j = 0; j < d; j++) {
    if (y[j] == 0) continue;
    for (size_t i = j + 1; i < d && i <= j + lower; i++) {
      const double *r = k.relative + (i - j - 1) * n;
      double *h = hidden + i * n;
      for (size_t c = 0; c < n; c++) h[c] += r[c];
    }
  }
  for (size_t f = 0; f < frames; f++)
    for (size_t j = 0; j < d; j++) {
      if (past[f * d + j] == 0) continue;
      for (size_t i = j < reach ? 0 : j - reach; i < d && i <= j + reach; i++) {
        const double *r = k.relative + (lower + f * (2 * reach + 1) + (i + reach - j)) * n;
        double *h = hidden + i * n;
        for (size_t c = 0; c < n; c++) h[c] += r[c];
      }
    }
}

// The logits of all components; `outputs` are d logits and n projections.
CLONES void ck_keys_logits(size_t d, size_t n, const double *weights, const double *outputs, const double *y,
                           const double *hidden, double *restrict logits) {
  ck_keys k = keys_of(d, n, weights);
  for (size_t i = 0; i < d; i++) {
    const double *h = hidden + i * n, *v = k.v + i * n;
    double total = outputs[i];
    {
#pragma clang fp reassociate(on)
      for (size_t c = 0; c < n; c++) total += (h[c] > 0 ? h[c] : 0) * (v[c] + k.shared[c]);
    }
    logits[i] = total;
  }
  for (size_t j = 0; j < d; j++) {
    if (y[j] == 0) continue;
    for (size_t i = j + 1; i < d; i++) logits[i] += k.a[i * (i - 1) / 2 + j];
  }
}

// Given the gradient by the logits: that by the projections into `projection`, that by the weights added to `gradient`; what
// `hidden` holds is replaced by its gradient.
CLONES void ck_keys_backward(size_t d, size_t n, size_t lower, size_t frames, size_t reach, const double *weights,
                             const double *y, const double *past, const double *logits, double *restrict hidden,
                             double *restrict projection, double *restrict gradient) {
  ck_keys k = keys_of(d, n, weights);
  double *da = gradient, *de = da + d * (d - 1) / 2, *du = de + d * n, *dv = du + d * n, *shared = dv + d * n,
       *relative = shared + n;
  for (size_t c = 0; c < n; c++) projection[c] = 0;
  for (size_t i = d; i-- > 0;) {
    double *h = hidden + i * n, *e = de + i * n, *g = dv + i * n;
    const double *v = k.v + i * n;
    double delta = logits[i];
    // Σ of the gradients of all higher components is what a lower one's U gets.
    if (y[i] != 0) {
      double *u = du + i * n;
      for (size_t c = 0; c < n; c++) u[c] += projection[c];
    }
    for (size_t c = 0; c < n; c++) {
      double active = h[c] > 0 ? h[c] : 0;
      g[c] += delta * active;
      shared[c] += delta * active;
      h[c] = h[c] > 0 ? delta * (v[c] + k.shared[c]) : 0;
      e[c] += h[c];
      projection[c] += h[c];
    }
  }
  for (size_t j = 0; j < d; j++) {
    if (y[j] == 0) continue;
    for (size_t i = j + 1; i < d; i++) da[i * (i - 1) / 2 + j] += logits[i];
    for (size_t i = j + 1; i < d && i <= j + lower; i++) {
      double *r = relative + (i - j - 1) * n;
      const double *h = hidden + i * n;
      for (size_t c = 0; c < n; c++) r[c] += h[c];
    }
  }
  for (size_t f = 0; f < frames; f++)
    for (size_t j = 0; j < d; j++) {
      if (past[f * d + j] == 0) continue;
      for (size_t i = j < reach ? 0 : j - reach; i < d && i <= j + reach; i++) {
        double *r = relative + (lower + f * (2 * reach + 1) + (i + reach - j)) * n;
        const double *h = hidden + i * n;
        for (size_t c = 0; c < n; c++) r[c] += h[c];
      }
    }
}
