#ifndef CHAINRULE_CKERNELS_H
#define CHAINRULE_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Arithmetic over arrays for the recurrent families, in single (_f) and double (_d) precision. On x86-64 each
// function exists once for every instruction set that matters and is chosen when the program is loaded, so that
// the package needs no compiler flags. All matrices are row-major; "rows" of a batch are steps of sequences.

#define CHAINRULE_DECLARE_KERNELS(REAL, NAME)                                                                          \
  /* y += x */                                                                                                         \
  void NAME(ck_add)(size_t n, const REAL *x, REAL *y);                                                                 \
  /* the sum of squares, in double precision */                                                                        \
  double NAME(ck_sum_of_squares)(size_t n, const REAL *x);                                                             \
  /* sums[j] += the sum of column j of x, rows × columns */                                                            \
  void NAME(ck_add_columns)(size_t rows, size_t columns, const REAL *x, REAL *sums);                                   \
  /* h = tanh h, in place */                                                                                           \
  void NAME(ck_tanh)(size_t n, REAL *h);                                                                               \
  /* out = d (1 - h²), back through tanh */                                                                            \
  void NAME(ck_tanh_backward)(size_t n, const REAL *h, const REAL *d, REAL *out);                                      \
  /* One step of a gated recurrent unit for `rows` rows of h units. gates (rows × 3h) holds what goes into r and z and \
     the inputs' part of n, and receives r, z, n; q (rows × h) holds the candidate part of W h(t-1). */                \
  void NAME(ck_gru_forward)(size_t rows, size_t h, REAL *gates, const REAL *q, const REAL *previous, REAL *state);     \
  /* The same step backwards. d (rows × h) is ∂L/∂h(t), whose direct part is added to `earlier`, ∂L/∂h(t-1), if there  \
     is one; gates receives ∂L/∂(inputs' part), q the candidate third of ∂L/∂(W h(t-1)), whose other two thirds equal  \
     those of gates. */                                                                                                \
  void NAME(ck_gru_backward)(size_t rows, size_t h, REAL *gates, REAL *q, const REAL *previous, const REAL *d,         \
                             REAL *earlier);                                                                           \
  /* One step of a long short-term memory for `rows` rows of h units. gates (rows × 4h) holds what goes into i, f, g,  \
     o and receives i, f, g, o; previous and memory (rows × h) are c(t-1) and c(t). */                                 \
  void NAME(ck_lstm_forward)(size_t rows, size_t h, REAL *gates, const REAL *previous, REAL *memory, REAL *state);     \
  /* The same step backwards. d (rows × h) is ∂L/∂h(t); dc is what comes back to c(t) and receives ∂L/∂c(t-1); gates   \
     receives ∂L/∂(what goes into the gates). */                                                                       \
  void NAME(ck_lstm_backward)(size_t rows, size_t h, REAL *gates, const REAL *previous, const REAL *memory,            \
                              const REAL *d, REAL *dc);                                                                \
  /* Log-probabilities of each row's target under the softmax of its first `outcomes` logits, of `columns` in all.     \
     target < 0: none (log_target = 0). If stop_column >= 0, log_stop and log_go receive log s and log(1 - s), s being \
     the softmax's own probability of that (the last) outcome, or, past the outcomes, the sigmoid of that logit. */    \
  void NAME(ck_log_probabilities)(size_t rows, size_t columns, size_t outcomes, ptrdiff_t stop_column,                 \
                                  const REAL *logits, const int32_t *targets, double *log_target, double *log_stop,    \
                                  double *log_go);                                                                     \
  /* Logits become the gradient of the negative log-likelihood; returns the log-likelihood of all rows.                \
     A last column past the outcomes is the halting logit, whose target is "stop" where targets[row] < 0. */           \
  double NAME(ck_loss_gradient)(size_t rows, size_t columns, size_t outcomes, REAL *logits,                            \
                                const int32_t *targets);                                                               \
  /* out = x, each element zeroed with probability `drop`, the others divided by 1 - drop; the same key drops the      \
     same elements, element i being number first + i. */                                                               \
  void NAME(ck_dropout)(size_t n, uint64_t key, size_t first, double drop, const REAL *x, REAL *out);                  \
  /* AdamW (Loshchilov and Hutter 2019), one step: bias1 = 1 - β1^t, bias2 = 1 - β2^t. */                              \
  void NAME(ck_adamw)(size_t n, REAL *w, const REAL *g, REAL *m, REAL *v, REAL scale, REAL rate, REAL beta1,           \
                      REAL beta2, REAL epsilon, REAL decay, REAL bias1, REAL bias2);                                   \
  /* Stochastic gradient descent with momentum: m = momentum m + g, w -= rate (m + decay w). */                        \
  void NAME(ck_sgd)(size_t n, REAL *w, const REAL *g, REAL *m, REAL scale, REAL rate, REAL momentum, REAL decay);      \
  /* RMSProp (Tieleman and Hinton 2012): v = share v + (1 - share) g², w -= rate (g / (√v + epsilon) + decay w). */    \
  void NAME(ck_rmsprop)(size_t n, REAL *w, const REAL *g, REAL *v, REAL scale, REAL rate, REAL share, REAL epsilon,    \
                        REAL decay);                                                                                   \
  /* A matrix product whose every row is the same to the bit, however many rows there are: each element of c is one    \
     chain of multiply-adds over the inner index in rising order, begun with what is added. The right-hand matrix b    \
     (inner × columns) is packed first; this is how many numbers that takes. */                                        \
  size_t NAME(ck_packed_count)(size_t inner, size_t columns);                                                          \
  /* Packs b, whose element (p, j) is at b[p * inner_stride + j * column_stride]: all rows of the matrix or, where it  \
     has more than `inner`, some of `all`, row p of them beginning at packed + ck_packed_count(p, 1). The product is   \
     fastest where the whole begins at a multiple of 64 bytes. */                                                      \
  void NAME(ck_pack)(size_t inner, size_t columns, const REAL *b, size_t inner_stride, size_t column_stride,           \
                     size_t all, REAL *packed);                                                                        \
  /* c (rows × columns) = plus + a (rows × inner) b; element (i, p) of a is at a[i * stride_a + p * step_a], so that it\
     can be a matrix as it stands (step_a = 1) or one transposed (stride_a = 1); one of the two must be. What is added has\
     a row every stride_plus numbers, 0 for one row that all take, and may be c itself; NULL for zero. */              \
  void NAME(ck_packed_product)(size_t rows, size_t columns, size_t inner, const REAL *a, size_t stride_a,              \
                               size_t step_a, const REAL *packed, const REAL *plus, size_t stride_plus, REAL *c,       \
                               size_t stride_c);                                                                       \
  /* out (rows × columns) = bias + the row of `table` that choice[row] names; bias alone where that is negative, or    \
     choice is NULL. */                                                                                                \
  void NAME(ck_input_rows)(size_t rows, size_t columns, const REAL *bias, const REAL *table, const int32_t *choice,    \
                           REAL *out);                                                                                 \
  /* out (rows × columns) += x (rows × features) · table, row by row; for x that are mostly zero. */                   \
  void NAME(ck_add_features)(size_t rows, size_t columns, size_t features, const float *x, const REAL *table,          \
                             REAL *out);                                                                               \
  /* weights[row, j] = e^(logit - the row's largest) for the first `outcomes` of `columns` logits (nothing below       \
     e^-87 in single precision), the other logits as they are; sums[row] is that of the first `elements` weights. */   \
  void NAME(ck_weights)(size_t rows, size_t columns, size_t outcomes, size_t elements, const REAL *logits,             \
                        double *weights, double *sums);                                                                \
  /* out = x */                                                                                                        \
  void NAME(ck_doubles)(size_t n, const REAL *x, double *out);

#define CHAINRULE_F(name) name##_f
#define CHAINRULE_D(name) name##_d
CHAINRULE_DECLARE_KERNELS(float, CHAINRULE_F)
CHAINRULE_DECLARE_KERNELS(double, CHAINRULE_D)

// Bits by the chain rule with n hidden units of each of d components, which look at `lower` components below and, in each of
// `frames` earlier steps, at `reach` on both sides; the model and its weights are described in keys.c. The hidden units before
// the rectifier, d × n; `sum` is room for n.
void ck_keys_hidden(size_t d, size_t n, size_t lower, size_t frames, size_t reach, const double *weights,
                    const double *projection, const double *y, const double *past, double *sum, double *hidden);
// The logits of all components; `outputs` are d numbers of the step that are added.
void ck_keys_logits(size_t d, size_t n, const double *weights, const double *outputs, const double *y,
                    const double *hidden, double *logits);
// Given the gradient by the logits: that by the projections, and that by the weights, added to `gradient`; `hidden` is replaced
// by its gradient.
void ck_keys_backward(size_t d, size_t n, size_t lower, size_t frames, size_t reach, const double *weights,
                      const double *y, const double *past, const double *logits, double *hidden, double *projection,
                      double *gradient);

// Asks memory for what stands at an address, wherever that leads, and does not wait.
static inline void ck_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
