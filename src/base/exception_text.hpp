#pragma once

#include <exception>
#include <string>

namespace orchestrator {

/// The message of an exception, for errors from other people's code, which may throw anything.
inline std::string exception_text(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "something that is not a std::exception";
  }
}

}  // namespace orchestrator
