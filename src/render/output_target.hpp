#pragma once

#include <orchestrator/render_options.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// Errc::output_unwritable.
Error output_unwritable(std::string detail, Stage stage = Stage::start);

/// The file that RenderOptions::output names, with absolute path: what a link leads to is the output, and the link stays.
/// Refuses what cannot become a film: a folder, a pipe, a device, a file that is there (without `overwrite`), one that can
/// neither be replaced nor written, a path that is not UTF-8. Errors: Errc::output_unwritable.
Result<std::filesystem::path> find_output(const RenderOptions& options);

/// Whether workers can be told of files there: paths travel to them as JSON, which is UTF-8. Errors: Errc::output_unwritable.
Result<void> check_name(const std::filesystem::path& path);

/// Why a film cannot be made in this folder and renamed from it, found by trying; nothing if it can. Some file systems of object
/// stores cannot rename, or write only from a file's beginning to its end.
std::optional<std::string> why_unfit_for_work(const std::filesystem::path& folder);

/// Whether the output can be written where it is, by copying. Errors: Errc::output_unwritable.
Result<void> check_writable(const std::filesystem::path& output);

}  // namespace orchestrator
