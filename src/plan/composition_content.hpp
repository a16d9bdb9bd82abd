#pragma once

#include <orchestrator/composition_content.hpp>

namespace orchestrator {

/// How a composition's content differs from what a plan was made for, naming the first file and how many others there are:
/// "style.css has changed, and 2 others differ". Empty if it does not. Pure.
std::string content_difference(const CompositionContent& planned, const CompositionContent& found);

}  // namespace orchestrator
