// The ways in which a page can be driven, each in a file of its own: {name, applies(), begin(), seek(frame): generator}. The
// first that applies is taken, so the order of their files (page_runtime_files in cmake/page_runtime.cmake) is their precedence.
const contracts = [];
