/*
 * rule.h - settings that do not go together.
 *
 * A point that breaks a rule fails, and the others go on; an input of which every point does is
 * refused before anything is started. One table: a rule is one more line. Knows no flow.
 */
#ifndef JEPAFLOW_SWEEP_RULE_H
#define JEPAFLOW_SWEEP_RULE_H

#include "jepaflow/sweep/document.h"
#include "jepaflow/sweep/input.h"
#include "jepaflow/sweep/point.h"

/*
 * Does the point break a rule?
 *   text  size bytes: what contradicts what, and what was expected; untouched where none is broken
 */
int jf_rule_broken(const jf_point *point, char *text, size_t size);

/*
 * Refuse an input whose every point breaks a rule, where the first of them is broken.
 *   root   that it was read from
 * JF_ERR_USAGE.
 */
jf_status jf_rule_check(const jf_node *root, const jf_input *input);

#endif
