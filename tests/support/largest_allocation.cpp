#include "support/largest_allocation.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> largest_bytes{SIZE_MAX};

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return size <= largest_bytes ? std::malloc(size) : nullptr;
}
void* operator new(std::size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace orchestrator::test {

LargestAllocation::LargestAllocation(std::size_t bytes) { largest_bytes = bytes; }
LargestAllocation::~LargestAllocation() { largest_bytes = SIZE_MAX; }

}  // namespace orchestrator::test
