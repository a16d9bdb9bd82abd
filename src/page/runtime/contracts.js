// The ways a page can be driven, each in a file of its own: {name, applies(), begin(), seek(frame): generator}. The first
// that applies is taken, so their order here (cmake: page_runtime_files) is their precedence.
const contracts = [];
