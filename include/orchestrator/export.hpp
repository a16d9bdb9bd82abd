#pragma once

/// What a shared library exports: everything that a public header declares, because each opens its namespace with this word, and
/// nothing else.
#define ORCHESTRATOR_EXPORT [[gnu::visibility("default")]]
