/*
 * document.h - a YAML text as a tree that remembers where everything stood.
 *
 * Read with libyaml; this is the only module that knows it. Duplicate keys, anchors, aliases, tags
 * and several documents are refused: an input says one thing once. Knows no parameter.
 */
#ifndef JEPAFLOW_SWEEP_DOCUMENT_H
#define JEPAFLOW_SWEEP_DOCUMENT_H

#include <stddef.h>

#include "jepaflow/base/status.h"

typedef enum { JF_NODE_SCALAR, JF_NODE_LIST, JF_NODE_MAP } jf_node_kind;

typedef struct jf_node {
    jf_node_kind kind;
    const char *source;    /* the file's name or the option, for messages; borrowed */
    size_t line;           /* from 1; 0: the whole source */
    size_t column;         /* from 1 */
    char *text;            /* of a scalar */
    int quoted;            /* a scalar in quotes is text, never a number */
    struct jf_node *keys;  /* of a map: count scalars */
    struct jf_node *items; /* of a list or map: count nodes */
    size_t count;
} jf_node;

/*
 * Refuse what is no text for certain, a zero byte or UTF-16, and directives of tags. What else is
 * no UTF-8 is found when it is parsed, which begins with this.
 */
jf_status jf_document_check_text(const char *source, const char *text, size_t size);

/*
 * Read a document.
 *   source  its name in messages; must outlive the tree
 *   root    release with jf_node_clear(); left empty on failure
 * Fails with JF_ERR_USAGE and a message source:line:column: what is wrong, what was expected.
 */
jf_status jf_document_parse(const char *source, const char *text, size_t size, jf_node *root);

void jf_node_clear(jf_node *node);

/* The item of a map under a key, or NULL. */
jf_node *jf_node_find(const jf_node *map, const char *key);

/*
 * The item of a map under a key, appended as an empty map at the place of `origin` where it is not
 * there.
 */
jf_status jf_node_find_or_add(jf_node *map, const char *key, const jf_node *origin, jf_node **item);

/* Take away the item under a key, which is there. */
void jf_node_remove(jf_node *map, const char *key);

/* Put `value`, which is emptied, in the place of `node`, whose content is released. */
void jf_node_replace(jf_node *node, jf_node *value);

/* Write the error "source:line:column: ..." and return JF_ERR_USAGE. */
jf_status jf_node_fail(const jf_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
