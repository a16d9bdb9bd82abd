#include "lambda/function/memory_use.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <stdexcept>

using namespace orchestrator::lambda;

namespace {

/// Pages in memory, all of them.
class Mapping {
 public:
  Mapping(std::size_t bytes, int protection, int flags, int file)
      : bytes_(bytes), data_(::mmap(nullptr, bytes, protection, flags | MAP_POPULATE, file, 0)) {
    if (data_ == MAP_FAILED) throw std::runtime_error("mmap");
  }
  ~Mapping() { ::munmap(data_, bytes_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

 private:
  std::size_t bytes_;
  void* data_;
};

std::int64_t used() { return memory_beyond(0, ::getpid()).value(); }

}  // namespace

TEST_CASE("lambda function: memory that is shared counts, pages of a program's file do not", "[lambda]") {
  const std::size_t size = std::filesystem::file_size(ORCHESTRATOR_LAMBDA);
  const auto half = static_cast<std::int64_t>(size / 2);
  const int program = ::open(ORCHESTRATOR_LAMBDA, O_RDONLY | O_CLOEXEC);
  REQUIRE(program >= 0);
  const std::int64_t before = used();
  {
    const Mapping code(size, PROT_READ, MAP_PRIVATE, program);
    CHECK(used() - before < half);
  }
  {
    const Mapping shared(size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    CHECK(used() - before > half);
  }
  ::close(program);
}
