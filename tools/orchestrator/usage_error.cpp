#include "orchestrator/usage_error.hpp"

#include "orchestrator/nearest_word.hpp"

#include <CLI/CLI.hpp>

#include <vector>

namespace orchestrator::tool {

namespace {

std::string meant(std::string_view typed, const std::vector<std::string>& words) {
  const auto nearest = nearest_word(typed, words);
  return nearest ? "; did you mean " + *nearest + "?" : std::string();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The first option that the command does not have, or empty.
std::string unknown_option(const CLI::App& command) {
  for (const std::string& word : command.remaining()) {
    if (word.size() > 1 && word.front() == '-') return word.substr(0, word.find('='));
  }
  return {};
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& error, std::string_view first_word) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(command->get_name());
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  if (chosen.empty() && !first_word.empty() && first_word.front() != '-') {
    return "there is no subcommand " + std::string(first_word) + meant(first_word, commands);
  }
  if (chosen.empty()) return error.what() + meant(first_word, option_names(app));
  // Unknown options come first: after a misspelt --output, the parser also reports a missing one.
  const std::string option = unknown_option(*chosen.front());
  return option.empty() ? error.what() : "there is no option " + option + meant(option, option_names(*chosen.front()));
}

}  // namespace orchestrator::tool
