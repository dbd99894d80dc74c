#!/usr/bin/env bash
# Builds a wheel that carries the program and the C library, with Swift's library, GSL, OpenBLAS, zlib and SQLite linked into them:
# Python/dist/chainrule-VERSION-py3-none-PLATFORM.whl. Where it is installed neither Swift nor these are needed.
#
# Program and C library are one shared library, since each alone would hold 20 MB of Foundation; `chainrule` starts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$PWD/.build-wheel

flags=(-c release -debug-info-format none --static-swift-stdlib -Xswiftc -static-stdlib --scratch-path "$scratch")
release=$(swift build "${flags[@]}" --show-bin-path)
# Their own links would be thrown away, but there is no way to ask for the objects alone.
for product in chainrule ChainruleC; do
  swift build "${flags[@]}" --product "$product"
done
sort -u "$release"/{chainrule,ChainruleC}.product/Objects.LinkFileList >"$scratch/objects.txt"

# The linker takes lib*.so before lib*.a in the same folder: here are only the latter.
static=$scratch/static stage=$scratch/wheel
rm -rf "$static" "$stage" && mkdir -p "$static" "$stage"
for library in gsl gslcblas openblas z sqlite3; do
  file=$(cc -print-file-name="lib$library.a")
  [[ $file == /* ]] || { echo "There is no lib$library.a: install the -dev package that has it." >&2; exit 1; }
  ln -s "$(realpath "$file")" "$static/lib$library.a"
done
echo '{ global: chainrule_*; ChainruleCommand_main; local: *; };' >"$scratch/exports.map"
swiftc -emit-library -static-stdlib -use-ld=lld -o "$stage/libChainruleC.so" "@$scratch/objects.txt" \
  -L"$static" -lopenblas -lgsl -lm -Xlinker --gc-sections -Xlinker --version-script="$scratch/exports.map" \
  -Xlinker -soname=libChainruleC.so -Xlinker -s
# shellcheck disable=SC2016  # $ORIGIN is the loader's, not the shell's
cc -O2 -s -o "$stage/chainrule" Python/launcher.c -L"$stage" -lChainruleC -Wl,-rpath,'$ORIGIN'
! ldd "$stage/chainrule" | grep -E 'swift|gsl|openblas|libz|sqlite' || { echo "Not all was linked statically." >&2; exit 1; }

python3 -m venv "$scratch/venv"
rm -rf Python/dist
CHAINRULE_BINARIES=$stage "$scratch/venv/bin/pip" wheel -q --disable-pip-version-check --no-deps -w Python/dist ./Python
ls -l Python/dist
