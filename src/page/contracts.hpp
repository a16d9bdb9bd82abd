#pragma once

#include <orchestrator/composition_description.hpp>

#include <string_view>

namespace orchestrator {

/// What follows from a contract's name, which the runtime gives (src/page/runtime/contracts.js). Nothing if no contract has it.
std::optional<ContractTraits> traits_of_contract(std::string_view name);

}  // namespace orchestrator
