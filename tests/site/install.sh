#!/usr/bin/env bash
# What a site gets: the tree of `cmake --install` and that of the .tar.gz hold the same files, work where they stand, and
# name no other place.
#   install.sh BUILD
set -euo pipefail
build=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "install: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$folder/tree" --strip >"$folder/log" || { cat "$folder/log"; fail "cmake --install"; }
cpack --config "$build/CPackConfig.cmake" -G TGZ -B "$folder/pack" >"$folder/log" 2>&1 || { cat "$folder/log"; fail cpack; }
mkdir "$folder/unpacked"
tar -xzf "$folder"/pack/nightmail-*.tar.gz -C "$folder/unpacked" --strip-components=1
diff <(cd "$folder/tree" && find . -type f | sort) <(cd "$folder/unpacked" && find . -type f | sort) ||
  fail "the .tar.gz holds other files than cmake --install"

for tree in "$folder/tree" "$folder/unpacked"; do
  share=$tree/share/nightmail
  for file in bin/nightmail share/nightmail/{jobs/demo.yaml,jobs/copy/en_shop.csv,partitions/cluster.yaml} \
    share/nightmail/{proto/message.proto,slurm/nightly.sbatch} share/doc/nightmail/README.md; do
    [ -s "$tree/$file" ] || fail "$file is not there"
  done
  "$tree/bin/nightmail" --help | grep -q "nightmail run" || fail "the installed program does not answer"
  [ -x "$share/slurm/nightly.sbatch" ] || fail "slurm/nightly.sbatch cannot be started"
  ! grep -rlF "$folder" "$tree" || fail "a file names the place where it was installed"
  # The scripts take the program of their own tree.
  if [ -x "$share/slurm/submit" ]; then "$share/slurm/submit" --help | grep -q submit || fail "slurm/submit --help"; fi
done

# The module file finds its prefix where Tcl is there to ask.
if command -v tclsh >/dev/null; then
  module=$(ls "$folder"/tree/share/nightmail/modulefiles/nightmail/*)
  found=$(tclsh <<TCL
set ModulesCurrentModulefile $module
foreach word {module-whatis conflict setenv} { proc \$word args {} }
proc prepend-path {name value} { puts "\$name=\$value" }
source $module
TCL
)
  [ "$found" = "PATH=$folder/tree/bin" ] || fail "the module file says $found"
fi
