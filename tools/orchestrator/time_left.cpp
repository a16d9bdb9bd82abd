#include "orchestrator/time_left.hpp"

#include "base/ms_since.hpp"

#include <string>

namespace orchestrator::tool {

Result<std::chrono::milliseconds> time_left(std::chrono::milliseconds total, std::chrono::steady_clock::time_point start) {
  if (total.count() == 0) return total;
  const auto getting_ready = ms_since(start);
  if (getting_ready < total) return total - getting_ready;
  return Error{.code = Errc::timed_out,
               .detail = "not done after " + std::to_string(total.count()) + " ms (timeouts.total): getting ready took " +
                         std::to_string(getting_ready.count()) + " ms",
               .stage = Stage::start};
}

}  // namespace orchestrator::tool
