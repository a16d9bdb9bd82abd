#include "base/output_file.hpp"
#include "support/files.hpp"
#include "support/resource_limit.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

#include <cerrno>
#include <csignal>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("output file: what is written is there; what cannot be opened has an errno", "[base]") {
  const TempDir folder;
  OutputFile file;
  REQUIRE(file.open(folder / "a", O_TRUNC) == 0);
  CHECK(file.write("one ") == 0);
  CHECK(file.write("two") == 0);
  CHECK(file.sync() == 0);
  CHECK(file.close() == 0);
  CHECK(read_file(folder / "a") == "one two");
  CHECK(file.open(folder / "a", O_EXCL) == EEXIST);
  CHECK(file.open(folder / "no/such/folder", O_TRUNC) == ENOENT);
  CHECK_FALSE(file);
  CHECK(OutputFile().write("x") == EBADF);
}

TEST_CASE("output file: a write beyond the limit on the size of files is an error, whatever its signal does", "[base]") {
  const TempDir folder;
  const std::string more(8192, 'x');
  for (const auto action : {SIG_DFL, SIG_IGN}) {
    const auto before = std::signal(SIGXFSZ, action);
    {
      const ResourceLimit limit(RLIMIT_FSIZE, 4096);
      OutputFile file;
      REQUIRE(file.open(folder / "a", O_TRUNC) == 0);
      CHECK(file.write(more) == EFBIG);
      CHECK(file.write(more) == EFBIG);
    }
    std::signal(SIGXFSZ, before);
    CHECK(std::filesystem::file_size(folder / "a") == 4096);
  }
}
