# Sourced by jobs/run and tests/run: Debian's names of what nightmail is built from, and installing what is missing.
PACKAGES_BUILD="cmake ninja-build gcc g++ pkg-config libopenmpi-dev openmpi-bin libopenblas-dev libscalapack-openmpi-dev
  libprotobuf-c-dev protobuf-c-compiler libzstd-dev libyaml-dev libjansson-dev libxxhash-dev libsodium-dev libicu-dev
  libsentencepiece-dev"
PACKAGES_TESTS="libcunit1-dev clang-format python3-protobuf python3-zstandard protobuf-compiler zstd"
PACKAGES_SLURM="slurmctld slurmd slurm-client munge iproute2 procps"
PACKAGES_FUZZ="clang libclang-rt-dev llvm" # libFuzzer, and what names the lines of a finding

# packages_install NAME...: does nothing if all are there.
packages_install() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    # Not Debian: CMake's own message says which library it does not find.
    if ! command -v cmake >/dev/null || ! command -v ninja >/dev/null; then
      echo "nightmail: missing: cmake 3.25 or newer and ninja. On this system install the equivalents of Debian's: $*" >&2
      return 66
    fi
    return 0
  fi
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "nightmail: missing: packages, and neither root nor sudo to install them: ${missing[*]}" >&2
      return 66
    fi
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Lets mpirun start here: as root it wants to be told so, and inside a container processes may not read each other's memory.
packages_mpi_environment() {
  export OMPI_MCA_hwloc_base_use_hwthreads_as_cpus=1
  [ "$(id -u)" -ne 0 ] && return 0
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
}
