# A Spack recipe. Put it into a repository of your own (spack repo create FOLDER, then
# FOLDER/packages/nightmail/package.py) and build from a checkout of the source:
#   spack dev-build nightmail@0.1.0
from spack.package import *


class Nightmail(CMakePackage):
    """One personal message for every user, every night: a batch program on MPI."""

    version("0.1.0")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("cunit", type="test")

    depends_on("mpi@3:")
    depends_on("openblas")
    depends_on("netlib-scalapack")
    depends_on("protobuf-c")
    depends_on("zstd")
    depends_on("libyaml")
    depends_on("jansson")
    depends_on("xxhash")
    depends_on("libsodium")
    depends_on("icu4c")
    depends_on("sentencepiece")

    generator("ninja")

    def cmake_args(self):
        return [
            self.define("NIGHTMAIL_HARDENED", True),
            self.define("NIGHTMAIL_TESTS", self.run_tests),
        ]
