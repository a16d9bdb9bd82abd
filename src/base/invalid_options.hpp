#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <utility>

namespace orchestrator {

/// What wrong options end with. `detail` names the option or the field.
inline Error invalid_options(std::string detail) { return Error{.code = Errc::invalid_options, .detail = std::move(detail)}; }

}  // namespace orchestrator
