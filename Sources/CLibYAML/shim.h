// libyaml, the parser that PyYAML and most others stand on (Debian: libyaml-dev, which has the static library too).
// Yams would read YAML with it as well, but brings Foundation and the tables of ICU: 45 MB (docs/performance.md).
#include <yaml.h>
