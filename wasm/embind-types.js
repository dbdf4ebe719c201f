// SPDX-License-Identifier: MIT
// What Embind registers for types that never cross our border, left out of the glue code: only numbers of 32 bits do (bindings.cpp).
// Embind registers every type that it knows when the module starts; each registration that does something brings its converters along.
// Takes 1.7 KB off the wire (brotli). A binding of such a type would fail when the module starts, with Embind's own "unbound types".
const untouched = () => {};

addToLibrary({
  _embind_register_std_string: untouched,
  _embind_register_std_string__deps: [],
  _embind_register_std_wstring: untouched,
  _embind_register_std_wstring__deps: [],
  _embind_register_memory_view: untouched,
  _embind_register_memory_view__deps: [],
  _embind_register_emval: untouched,
  _embind_register_emval__deps: [],
  _embind_register_float: untouched,
  _embind_register_float__deps: [],
});
