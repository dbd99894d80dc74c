#ifndef CHAINRULE_CGSL_H
#define CHAINRULE_CGSL_H

// GSL, and the whole CBLAS through GSL's own header: OpenBLAS's header beside it would define the same
// names a second time, which Swift refuses.
#include <gsl/gsl_blas.h>
#include <gsl/gsl_cblas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <gsl/gsl_sf_psi.h>
#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_version.h>

// From OpenBLAS.
void openblas_set_num_threads(int count);

// GSL's algorithms are global variables, which Swift takes for mutable ones.
static inline const gsl_multimin_fdfminimizer_type *chainrule_bfgs2(void) {
  return gsl_multimin_fdfminimizer_vector_bfgs2;
}
static inline const gsl_multimin_fminimizer_type *chainrule_nmsimplex2(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}
static inline const gsl_min_fminimizer_type *chainrule_brent(void) { return gsl_min_fminimizer_brent; }

#endif
