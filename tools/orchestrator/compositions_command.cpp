#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/display_arguments.hpp"
#include "orchestrator/error_json.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/tell.hpp"
#include "orchestrator/terminal_text.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <memory>

namespace orchestrator::tool {

namespace {

struct CompositionsCommand {
  RenderArguments arguments{};
  ExecutorArguments executor{};
  LookArguments look{};
};

std::string length_text(const DescribedComposition& composition) {
  if (composition.frames > 0) return std::to_string(composition.frames) + " frames";
  if (composition.duration.num > 0) return to_string(composition.duration) + " s";
  return "does not say how long it is";
}

/// "1920x1080, 30 fps, 450 frames"
std::string composition_text(const DescribedComposition& composition) {
  const auto said = [](int size) { return size > 0 ? std::to_string(size) : std::string("?"); };
  std::string text = composition.id.empty() ? "" : terminal_text(composition.id) + ": ";
  if (!composition.error.empty()) return text + terminal_text(composition.error);
  if (composition.width > 0 || composition.height > 0) text += said(composition.width) + "x" + said(composition.height) + ", ";
  if (composition.fps.num > 0) text += to_string(composition.fps) + " fps, ";
  return text + length_text(composition);
}

std::string description_text(const CompositionDescription& description) {
  std::string text;
  for (const DescribedComposition& composition : description.compositions) text += composition_text(composition) + "\n";
  const auto order = [&] {
    switch (description.traits.order) {
      case FrameOrder::any: return "in any order";
      case FrameOrder::forward: return "one after the other";
      case FrameOrder::from_zero: return "each after all before it";
    }
    return "";
  };
  return text + "driven by " + terminal_text(description.contract) + ", frames " + order();
}

Result<CompositionDescription> describe(const CompositionsCommand& command, const Interruption& stop) {
  auto options = command.arguments.options();
  if (!options) return options.error();
  if (auto valid = validate_for_page(*options); !valid) return valid.error();
  ProgressDisplay display(ProgressStyle::none);
  const Tell tell = log_to(display, command.look.verbose);
  const auto executor = command.executor.make({.workers = 1, .at_once = 1}, options->timeouts.total, stop.token(), tell);
  if (!executor) return executor.error();
  return RenderOrchestrator(**executor).describe(*options, {.on_log = tell}, stop.token());
}

int run(const CompositionsCommand& command) {
  const Interruption interruption;
  auto description = describe(command, interruption);
  if (!description) description = tell_error(description.error());
  if (command.look.json) {
    boost::json::object object{{"compositions", nullptr}};
    if (description) object = boost::json::parse(to_json(*description)).as_object();
    object["error"] = description ? boost::json::value(nullptr) : boost::json::value(json_of(description.error()));
    print_line(boost::json::serialize(object));
  } else if (description) {
    print_line(description_text(*description));
  }
  return description ? 0 : exit_status_after(description.error(), interruption.signal());
}

}  // namespace

void add_compositions_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("compositions", "Load a composition's page and say what it has: size, rate, length");
  auto state = std::make_shared<CompositionsCommand>();
  state->arguments.declare_page(*command);
  command
      ->add_option("composition", state->arguments.composition,
                   "URL (http, https), HTML file, folder with an index.html, or built project")
      ->required();
  state->executor.declare(*command);
  state->look.declare(*command, state->arguments.total_timeout_s);
  command->footer(
      "What a composition says is what `render` takes where an option leaves it open: --width, --height, --fps, and --frames or\n"
      "--duration. A page says it in window.orchestratorComposition = {width, height, fps, frames}, or in\n"
      "<meta name=\"orchestrator\" content=\"width=1920,height=1080,fps=30,duration=20\">.\n\n"
      "Examples:\n"
      "  orchestrator compositions examples/composition\n"
      "  orchestrator compositions https://example.com/intro --json\n\n"
      "Exit status: 0 done, 1 the page could not be loaded, 2 wrong usage or options, 130, 143 or 129 interrupted.");
  command->callback([state, &exit_status] { exit_status = run(*state); });
}

}  // namespace orchestrator::tool
