#pragma once

#include "base/exception_text.hpp"

#include <orchestrator/error.hpp>

#include <exception>
#include <string>

namespace orchestrator {

/// The error of a render for what was thrown in it: a defect, or that there is no memory left.
inline Error unexpected(const std::exception_ptr& thrown, Stage stage = Stage::plan) {
  return {.code = Errc::internal, .detail = "an exception left the render: " + exception_text(thrown), .stage = stage};
}

/// What a render says of a callback, a member of RenderEvents, that threw.
inline std::string callback_threw(const std::string& name, const std::exception_ptr& thrown) {
  return "RenderEvents::" + name + " threw: " + exception_text(thrown);
}

}  // namespace orchestrator
