#pragma once

#include <string_view>

namespace orchestrator {

/// Whether srun takes `text` as a time limit (srun(1), --time). Pure.
bool is_slurm_time(std::string_view text);

}  // namespace orchestrator
