#include "jepaflow/theory/feature.h"

#include <math.h>

double jf_feature_log_plateau(const jf_feature *feature)
{
    const double depth = (double)feature->depth;
    const double exponent = feature->objective == JF_JEPA ? depth : depth / (depth + 1.0);

    return exponent * log(feature->rho);
}

double jf_feature_plateau(const jf_feature *feature)
{
    return exp(jf_feature_log_plateau(feature));
}

double jf_feature_relaxation_rate(const jf_feature *feature)
{
    const double depth = (double)feature->depth;

    if (feature->objective == JF_JEPA) {
        return feature->lambda * pow(feature->rho, 2.0 * depth - 1.0);
    }
    return feature->lambda * (depth + 1.0) * pow(feature->rho, (depth - 1.0) / (depth + 1.0));
}

/* ln((1 - z0) / (1 - z1)) for ln z0 < ln z1 < 0, without cancellation: step = ln z1 - ln z0. */
static double log_of_complements(double log_z1, double step)
{
    return log1p(exp(log_z1) * expm1(-step) / expm1(log_z1));
}

/* Terms below this part of their sum so far, which fall from one to the next, are left out. */
static const double negligible = 1e-18;

/*
 * Powers q^j = e^{-j step} are formed one from another where 1 - q^j is far from 0, so that their
 * errors, of some roundings each, do not show in it.
 */
static const double long_step = 0.5;

/* 1 - q^j for q^j = power. */
static double complement(double j, double step, double power)
{
    return j * step > long_step ? 1.0 - power : -expm1(-j * step);
}

/*
 * JEPA, with u = w/rho and m = 2L:
 *
 *     lambda t = rho^{-(m-1)} int_{u0}^{u1} du / (u^m (1 - u))
 *              = sum_{j=1}^{m-1} rho^{-(m-1-j)} eps^{-j/L} (1 - (u0/u1)^j) / j
 *                + rho^{-(m-1)} (ln(u1/u0) + ln((1 - u0)/(1 - u1)))
 *
 * Every term is positive, so nothing cancels however close u0 and u1 are. From j = m-1 down each
 * rho^{-(m-1-j)} eps^{-j/L} is u0 < 1 times the one before; the first is taken out of the sum.
 */
static double jepa_critical_time(const jf_feature *feature, double threshold)
{
    const double depth = (double)feature->depth;
    const double last = 2.0 * depth - 1.0; /* m - 1 */
    const double log_rho = log(feature->rho);
    const double log_start = log(feature->init_scale) / depth; /* ln w0 */
    const double log_u1 = log(threshold) / depth;
    const double step = log_u1 + log_rho - log_start; /* ln(u1/u0) */
    const double u0 = exp(log_start - log_rho), growth = exp(step);
    double sum = exp(last * (log_start - log_rho)) * (step + log_of_complements(log_u1, step));
    double factor = 1.0, power = exp(-last * step);

    for (double j = last; j > 0.0 && factor > negligible * fabs(sum); j -= 1.0) {
        sum += factor * complement(j, step, power) / j;
        factor *= u0;
        power *= growth;
    }
    return exp(-last * log_start) * sum / feature->lambda;
}

/*
 * sum_{k >= 1} c_k x^{k-b} (1 - q^{k-b}) / (k - b),  0 < x <= 1/2, q = e^{-step}, 0 <= b < 1, where
 * c_0 = 1 and c_k = c_{k-1} (k + rise) / k: the integral over x of sum_k c_k x^{k-b-1}, without its
 * first term, from q x to x; from 0 where step is infinite.
 */
static double power_series(double b, double rise, double log_x, double step)
{
    const double x = exp(log_x), q = exp(-step);
    double factor = exp(-b * log_x), power = isinf(step) ? 0.0 : exp(b * step), sum = 0.0;

    for (double k = 1.0; k == 1.0 || factor > negligible * fabs(sum); k += 1.0) {
        factor *= x * (k + rise) / k;
        power *= q;
        sum += factor * complement(k - b, step, power) / (k - b);
    }
    return sum;
}

/*
 * MAE, with n = L+1, z = w^n/rho, a = (L-1)/n:
 *
 *     lambda t = int_{w0}^{w1} dw / (w^L (1 - w^n/rho))
 *              = rho^{-a} / n  int_{z0}^{z1} dz / (z^{a+1} (1 - z))
 *
 * As far as z <= 1/2, 1/(1 - z) is expanded in z: the first term, z^{-a}/a (ln z where a = 0), with
 * rho^{-a} is w^{1-L}, finite wherever the time is. Beyond, z^{-a-1} is expanded in 1 - z, which
 * gives the logarithm of 1 - z first. All terms are positive.
 */
static double mae_critical_time(const jf_feature *feature, double threshold)
{
    const double depth = (double)feature->depth;
    const double n = depth + 1.0;
    const double a = (depth - 1.0) / n;
    const double log_rho = log(feature->rho), log_half = log(0.5);
    const double log_z1 = n / depth * log(threshold);
    const double step = log_z1 + log_rho - n / depth * log(feature->init_scale); /* ln(z1/z0) */
    const double log_z0 = log_z1 - step;
    const double scale = exp(-a * log_rho);
    double sum = 0.0;

    if (log_z0 < log_half) {
        const double top = fmin(log_z1, log_half),
                     low_step = log_z1 > log_half ? top - log_z0 : step;
        sum += exp(-a * (log_z0 + log_rho)) * (a > 0.0 ? -expm1(-a * low_step) / a : low_step);
        sum += scale * power_series(a, 0.0, top, low_step);
    }
    if (log_z1 > log_half) {
        const double log_y0 = log(-expm1(fmax(log_z0, log_half)));
        const double high_step =
            log_of_complements(log_z1, log_z0 > log_half ? step : log_z1 - log_half);
        sum += scale * (high_step + power_series(0.0, a, log_y0, high_step));
    }
    return sum / (n * feature->lambda);
}

jf_cell_status jf_feature_critical_time(const jf_feature *feature, double threshold, double *time)
{
    *time = NAN;
    if (log(feature->init_scale) >= log(threshold) + jf_feature_log_plateau(feature)) {
        return JF_STARTED_ABOVE;
    }
    const double exact = feature->objective == JF_JEPA ? jepa_critical_time(feature, threshold)
                                                       : mae_critical_time(feature, threshold);
    if (!isfinite(exact)) {
        return JF_NO_REFERENCE;
    }
    *time = fmax(exact, 0.0); /* a start within rounding of the threshold may come out before it */
    return JF_REACHED;
}

double jf_feature_critical_time_series(const jf_feature *feature)
{
    const double depth = (double)feature->depth;
    const double log_rho = log(feature->rho);
    const double log_start = log(feature->init_scale) / depth;
    const double last = 2.0 * depth - 1.0;
    double sum = 0.0;

    if (feature->objective == JF_MAE) {
        return feature->depth == 1
                   ? -log_start / feature->lambda
                   : exp((1.0 - depth) * log_start) / ((depth - 1.0) * feature->lambda);
    }
    /* From the largest factor rho^{-(2L-n-1)} eps^{-n/L} on. */
    const int down = log_start < log_rho;
    const double first = down ? last : 1.0, ratio = exp(-fabs(log_start - log_rho));
    double factor = 1.0;
    for (double k = 0.0; k < last && (k == 0.0 || factor > negligible * sum); k += 1.0) {
        sum += factor / (down ? last - k : 1.0 + k);
        factor *= ratio;
    }
    return exp(-(last - first) * log_rho - first * log_start) * sum / feature->lambda;
}

/* d t / d ln w0 = - w0 / (dw/dt at w0), and ln w0 = ln eps / L. */
double jf_feature_critical_time_slope(const jf_feature *feature, double threshold)
{
    const double depth = (double)feature->depth;
    const double log_start = log(feature->init_scale) / depth, log_rho = log(feature->rho);
    double time;

    if (jf_feature_critical_time(feature, threshold, &time) != JF_REACHED) {
        return NAN;
    }
    const double power = feature->objective == JF_JEPA ? 2.0 * depth - 1.0 : depth - 1.0;
    const double rest =
        feature->objective == JF_JEPA ? log_start - log_rho : (depth + 1.0) * log_start - log_rho;
    return exp(-power * log_start) / (expm1(rest) * depth * feature->lambda * time);
}

double jf_feature_leading_time(const jf_feature *feature)
{
    const double last = 2.0 * (double)feature->depth - 1.0;

    if (feature->objective == JF_MAE) {
        return jf_feature_critical_time_series(feature);
    }
    return exp(-last / (double)feature->depth * log(feature->init_scale)) /
           (last * feature->lambda);
}

/*
 * K_L(p) = 1/n [ int_0^{z1} z^{-a} / (1 - z) dz - z1^{-a} / a ], z1 = p^{n/L}, a = (L-1)/n, n = L+1
 * (docs/theory.md, (8.2)), by the expansions of mae_critical_time() with z0 = 0.
 */
static double mae_constant(double depth, double threshold)
{
    const double n = depth + 1.0, a = (depth - 1.0) / n;
    const double log_half = log(0.5), log_z1 = n / depth * log(threshold);
    const double top = fmin(log_z1, log_half);
    double sum = power_series(a, 0.0, top, INFINITY) - exp(-a * top) / a;

    if (log_z1 > log_half) {
        const double step = log_of_complements(log_z1, log_z1 - log_half);
        sum += step + power_series(0.0, a, log_half, step);
    }
    return sum / n;
}

/*
 * JEPA  L = 1: eps/rho (ln(rho/eps) + ln(p/(1-p)) - 1/p)    L > 1: (2L-1)/(2L-2) eps^{1/L} / rho
 * MAE   L = 1: (ln rho + ln(p^2/(1-p^2))) / (2 ln(1/eps))   L > 1: (L-1) K_L eps^{(L-1)/L} rho^{-a}
 */
double jf_feature_next_order(const jf_feature *feature, double threshold)
{
    const double depth = (double)feature->depth, eps = feature->init_scale, p = threshold;
    const double rho = feature->rho;

    if (feature->objective == JF_JEPA && feature->depth == 1) {
        return eps / rho * (log(rho / eps) + log(p / (1.0 - p)) - 1.0 / p);
    }
    if (feature->objective == JF_JEPA) {
        return (2.0 * depth - 1.0) / (2.0 * depth - 2.0) * pow(eps, 1.0 / depth) / rho;
    }
    if (feature->depth == 1) {
        return -(log(rho) + log(p * p / (1.0 - p * p))) / (2.0 * log(eps));
    }
    return (depth - 1.0) * mae_constant(depth, p) * pow(eps, (depth - 1.0) / depth) *
           pow(rho, -(depth - 1.0) / (depth + 1.0));
}
