#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace orchestrator::tool {

/// What was wrong with a command line that `app` could not parse, with the word that was probably meant. `first_word` is the
/// first argument, empty if there is none.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error, std::string_view first_word);

}  // namespace orchestrator::tool
