#pragma once

#include <orchestrator/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>

namespace orchestrator {

/// Gives a finished film the name `output`, in one step and without ever replacing a file unless `overwrite`. Returns 0 or an
/// errno: EEXIST if there is such a file, others if the file system knows no such step (or the film lies on another one).
int give_name(const std::filesystem::path& film, const std::filesystem::path& output, bool overwrite);

/// Copies a finished film to `output`, which is not replaced then but written, and brings it to its disk. Cancellation: none,
/// because half a film would be left. Errors: Errc::output_unwritable. A file that was not there before is then removed; an old
/// film for whose successor there is no room stays, where the file system can tell before it is written.
boost::asio::awaitable<Result<void>> copy_film(std::filesystem::path film, std::filesystem::path output, bool overwrite);

/// The error for a film that appeared under the output's name meanwhile.
Error appeared(const std::filesystem::path& output);

}  // namespace orchestrator
