#pragma once

#include <orchestrator/render_options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace orchestrator::tool {

/// RenderOptions in the words of the command line, as typed.
struct RenderArguments {
  std::string composition{};
  std::string output{};
  std::optional<int> width{};
  std::optional<int> height{};
  std::string fps{};
  std::string frames{};
  std::string duration{};
  int chunks{0};
  std::int64_t chunk_frames{0};
  int workers{0};
  VideoOptions video{};
  std::vector<std::string> audio{};
  bool silent_audio{false};
  int audio_bitrate_kbps{192};
  std::string props{"{}"};
  std::string composition_id{};
  PageSettings page{};
  std::string capture{"auto"};
  double load_timeout_s{30};
  double frame_timeout_s{30};
  double total_timeout_s{0};
  std::string work_dir{};
  bool overwrite{false};

  /// Declares the options; the variables above must outlive `command`.
  void declare(CLI::App& command);
  /// Parts of declare() that `verify` has, too: what is shown, at which size and times; how its page is treated.
  void declare_composition(CLI::App& command);
  void declare_page(CLI::App& command);
  /// Errors: Errc::invalid_options, naming the option. Reads the file of `--props @FILE`.
  Result<RenderOptions> options() const;
};

}  // namespace orchestrator::tool
