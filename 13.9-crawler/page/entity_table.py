"""Write entity_table.c to stdout, from the list that CPython carries in html.entities."""
from html.entities import html5

print('''/*
 * entity_table.c - the named character references of WHATWG HTML 13.5. Data only, which
 * entity_table.py generates. Next: entities.c, which searches the table.
 */
#include "entity_table.h"

const struct entity entity_table[ENTITY_COUNT] = {''')
for name in sorted({key.rstrip(";") for key in html5}):
    utf8 = "".join("\\%03o" % byte for byte in html5[name + ";"].encode())
    print('    { "%s", "%s", %d },' % (name, utf8, name in html5))
print("};")
