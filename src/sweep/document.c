#include "jepaflow/sweep/document.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "jepaflow/base/log.h"

enum { DEEPEST = 16, MESSAGE_SIZE = 1024 };

typedef struct {
    yaml_parser_t parser;
    const char *source;
    const char *text;
    size_t size;
} reader;

static jf_node node_at(const reader *r, jf_node_kind kind, yaml_mark_t mark)
{
    return (jf_node){
        .kind = kind, .source = r->source, .line = mark.line + 1, .column = mark.column + 1};
}

jf_status jf_node_fail(const jf_node *node, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (node->line == 0) {
        return jf_fail(JF_ERR_USAGE, "%s: %s", node->source, message);
    }
    return jf_fail(JF_ERR_USAGE, "%s:%zu:%zu: %s", node->source, node->line, node->column, message);
}

void jf_node_clear(jf_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->keys != NULL) {
            jf_node_clear(&node->keys[i]);
        }
        jf_node_clear(&node->items[i]);
    }
    free(node->text);
    free(node->keys);
    free(node->items);
    *node = (jf_node){0};
}

/* Room for one more item (and key, in a map), in blocks that double. */
static jf_status grow(jf_node *node)
{
    const size_t count = node->count;

    if ((count & (count - 1)) == 0) {
        const size_t room = count == 0 ? 1 : 2 * count;
        jf_node *items = realloc(node->items, room * sizeof *items);
        if (items == NULL) {
            return jf_fail_memory("the input");
        }
        node->items = items;
        if (node->kind == JF_NODE_MAP) {
            jf_node *keys = realloc(node->keys, room * sizeof *keys);
            if (keys == NULL) {
                return jf_fail_memory("the input");
            }
            node->keys = keys;
        }
    }
    return JF_OK;
}

/* ---- from libyaml's events to nodes ---- */

static jf_status yaml_failed(const reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const yaml_mark_t mark = p->problem_mark;
    const char *problem = p->problem != NULL ? p->problem : "not YAML";
    const char *context = p->context != NULL ? p->context : "";
    const char *comma = p->context != NULL ? ", " : "";
    jf_node place = node_at(r, JF_NODE_SCALAR, mark);

    if (p->error == YAML_MEMORY_ERROR) {
        return jf_fail_memory("the input");
    }
    if (p->error == YAML_READER_ERROR) {
        place.line = 0;
        return jf_node_fail(&place, "not a text file (byte %zu: %s), expected YAML",
                            p->problem_offset, problem);
    }
    if (mark.index < r->size && r->text[mark.index] == '\t') {
        return jf_node_fail(&place, "a tab, expected spaces: YAML is indented with spaces");
    }
    return jf_node_fail(&place, "%s%s%s", context, comma, problem);
}

static jf_status next_event(reader *r, yaml_event_t *event)
{
    return yaml_parser_parse(&r->parser, event) ? JF_OK : yaml_failed(r);
}

static jf_status read_node(reader *r, const yaml_event_t *event, int level, jf_node *out);

static jf_status refuse_decoration(const jf_node *node, const yaml_char_t *anchor,
                                   const yaml_char_t *tag)
{
    if (anchor != NULL) {
        return jf_node_fail(node,
                            "an anchor '&%s', expected plain values: anchors are not used here",
                            (const char *)anchor);
    }
    if (tag != NULL) {
        return jf_node_fail(node, "a tag '%s', expected plain values: tags are not used here",
                            (const char *)tag);
    }
    return JF_OK;
}

static jf_status read_scalar(const yaml_event_t *event, jf_node *out)
{
    const char *value = (const char *)event->data.scalar.value;

    JF_TRY(refuse_decoration(out, event->data.scalar.anchor, event->data.scalar.tag));
    if (strlen(value) != event->data.scalar.length) {
        return jf_node_fail(out, "a text with a zero byte");
    }
    out->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    out->text = strdup(value);
    return out->text != NULL ? JF_OK : jf_fail_memory("the input");
}

/* The next event's node into *out; *ended where it was the end of the collection instead. */
static jf_status read_next(reader *r, yaml_event_type_t end, int level, jf_node *out, int *ended)
{
    yaml_event_t event;

    JF_TRY(next_event(r, &event));
    *ended = event.type == end;
    const jf_status status = *ended ? JF_OK : read_node(r, &event, level, out);
    yaml_event_delete(&event);
    return status;
}

static jf_status check_key(const jf_node *map, const jf_node *key)
{
    if (key->kind != JF_NODE_SCALAR) {
        return jf_node_fail(key, "a list or map as a key, expected a name");
    }
    const jf_node *earlier = jf_node_find(map, key->text);
    if (earlier != NULL) {
        return jf_node_fail(key, "'%s' is given twice, first in line %zu", key->text,
                            earlier->line);
    }
    return JF_OK;
}

/* Items up to the end of a list or map. An item is counted only when it is whole, key and all. */
static jf_status read_items(reader *r, yaml_event_type_t end, int level, jf_node *out)
{
    for (;;) {
        jf_node key = {0};
        int ended = 0;

        JF_TRY(grow(out));
        if (out->kind == JF_NODE_MAP) {
            jf_status status = read_next(r, end, level, &key, &ended);
            if (status == JF_OK && !ended) {
                status = check_key(out, &key);
            }
            if (status != JF_OK || ended) {
                jf_node_clear(&key);
                return status;
            }
        }
        jf_node item = {0};
        const jf_status status = read_next(r, end, level, &item, &ended);
        if (status != JF_OK || ended) {
            jf_node_clear(&key);
            jf_node_clear(&item);
            return status;
        }
        if (out->kind == JF_NODE_MAP) {
            out->keys[out->count] = key;
        }
        out->items[out->count++] = item;
    }
}

static jf_status read_node(reader *r, const yaml_event_t *event, int level, jf_node *out)
{
    *out = node_at(r, JF_NODE_SCALAR, event->start_mark);
    if (level > DEEPEST) {
        return jf_node_fail(out, "nested more than %d deep", DEEPEST);
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(event, out);
    case YAML_SEQUENCE_START_EVENT:
        out->kind = JF_NODE_LIST;
        JF_TRY(refuse_decoration(out, event->data.sequence_start.anchor,
                                 event->data.sequence_start.tag));
        return read_items(r, YAML_SEQUENCE_END_EVENT, level + 1, out);
    case YAML_MAPPING_START_EVENT:
        out->kind = JF_NODE_MAP;
        JF_TRY(refuse_decoration(out, event->data.mapping_start.anchor,
                                 event->data.mapping_start.tag));
        return read_items(r, YAML_MAPPING_END_EVENT, level + 1, out);
    case YAML_ALIAS_EVENT:
        return jf_node_fail(out, "an alias, expected plain values: aliases are not used here");
    default:
        return jf_node_fail(out, "expected a value");
    }
}

/* Skip events that open the stream and the document, up to the first of the content. */
static jf_status read_document(reader *r, jf_node *root)
{
    yaml_event_t event;

    for (;;) {
        JF_TRY(next_event(r, &event));
        const yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&event);
            continue;
        }
        *root = node_at(r, JF_NODE_SCALAR, event.start_mark);
        const jf_status status = type == YAML_STREAM_END_EVENT
                                     ? jf_node_fail(root, "is empty, expected an input")
                                     : read_node(r, &event, 0, root);
        yaml_event_delete(&event);
        JF_TRY(status);
        break;
    }
    JF_TRY(next_event(r, &event)); /* the document's end */
    yaml_event_delete(&event);
    JF_TRY(next_event(r, &event));
    const int last = event.type == YAML_STREAM_END_EVENT;
    const jf_node second = node_at(r, JF_NODE_SCALAR, event.start_mark);
    yaml_event_delete(&event);
    return last ? JF_OK : jf_node_fail(&second, "a second document, expected one");
}

jf_status jf_document_parse(const char *source, const char *text, size_t size, jf_node *root)
{
    reader r = {.source = source, .text = text, .size = size};

    *root = (jf_node){0};
    if (!yaml_parser_initialize(&r.parser)) {
        return jf_fail_memory("the input");
    }
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    const jf_status status = read_document(&r, root);
    yaml_parser_delete(&r.parser);
    if (status != JF_OK) {
        jf_node_clear(root);
    }
    return status;
}

jf_node *jf_node_find(const jf_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->keys[i].text, key) == 0) {
            return &map->items[i];
        }
    }
    return NULL;
}

jf_status jf_node_find_or_add(jf_node *map, const char *key, const jf_node *origin, jf_node **item)
{
    assert(map->kind == JF_NODE_MAP);
    *item = jf_node_find(map, key);
    if (*item != NULL) {
        return JF_OK;
    }
    JF_TRY(grow(map));
    jf_node added = {.source = origin->source, .line = origin->line, .column = origin->column};
    added.text = strdup(key);
    if (added.text == NULL) {
        return jf_fail_memory("the input");
    }
    map->keys[map->count] = added;
    added.text = NULL;
    added.kind = JF_NODE_MAP;
    map->items[map->count] = added;
    *item = &map->items[map->count++];
    return JF_OK;
}

void jf_node_replace(jf_node *node, jf_node *value)
{
    jf_node_clear(node);
    *node = *value;
    *value = (jf_node){0};
}
