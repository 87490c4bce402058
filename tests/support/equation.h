/*
 * equation.h - small equations for the tests of integrators, and what it takes to follow one.
 *
 * Every step is checked on the way: time goes forward and not past the end, and the rate that comes
 * with a step is f at the state reached.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_EQUATION_H
#define JEPAFLOW_TESTS_SUPPORT_EQUATION_H

#include "check.h"

#include "jepaflow/ode/integrator.h"

enum { EQUATION_MOST_NUMBERS = 1000, EQUATION_MOST_STEPS = 2000000 };

/* A right-hand side, how often it was asked for, and how often it gave what is no number. */
typedef struct {
    void (*rate)(double t, const double *y, double *rate, double stiffness);
    double stiffness;
    int64_t calls;
    int64_t not_finite;
} equation;

/* f of the equation at `context`, counted. */
void equation_rate(double t, const double *y, double *rate, void *context);

/* A run: what its last step said, how far it came, and what that took. */
typedef struct {
    jf_step_outcome outcome;
    double time;
    int64_t steps; /* counted by the caller */
    jf_ode_cost cost;
} equation_run;

/* From y at time 0 to the end, or as far as it goes. */
equation_run equation_follow(const jf_integrator_kind *kind, equation *e, size_t size, double *y,
                             double end, double tolerance);

/* ---- right-hand sides ---- */

/* y = sin t, pulled back to it with the rate `stiffness`, beside a bystander e^{-t}. */
void equation_sine(double t, const double *y, double *rate, double stiffness);

/* y' = 0. */
void equation_rest(double t, const double *y, double *rate, double stiffness);

/* y' = y^2, which leaves for infinity at time 1 / y(0). */
void equation_blow_up(double t, const double *y, double *rate, double stiffness);

/* Not a number from t = 1/2 on, whatever the state; 1 before. */
void equation_end_at_half(double t, const double *y, double *rate, double stiffness);

/*
 * The error of the sine and its bystander at t = 10; that the end was reached and the counts agree
 * is checked.
 */
double equation_sine_error(const jf_integrator_kind *kind, double stiffness, double tolerance,
                           equation_run *run);

/*
 * Followed to t = 1, then put on the solution at t = 2 and followed from there to 3: that no time
 * in between is asked for and the end is hit; returns the error there.
 */
double equation_restart_error(const jf_integrator_kind *kind, double tolerance);

/*
 * Followed in one go, and by one integrator after another, each of which goes on from what the last
 * one saved: after every `shortest` steps, thrice, nine times as many. Returns the largest
 * difference of any state on the way, 0 where they are the same bit for bit, as the counts then
 * must be too.
 *   stiffness  that comes after half the time and goes again
 */
double equation_difference_in_pieces(const jf_integrator_kind *kind, double stiffness,
                                     double tolerance, size_t shortest);

#endif
