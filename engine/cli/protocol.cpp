// SPDX-License-Identifier: MIT
// The protocol's types and tables, made from the descriptions that run it.
#include <cstdio>
#include <string>

#include "commands.hpp"
#include "souk/json/protocol_docs.hpp"

namespace souk::cli {

int protocol(Words words) {
  const auto options = Options::read(words, {}, {"typescript", "markdown", "codes"});
  if (!options) return report(options.error());
  std::string text;
  if (options->has("typescript")) text = json::protocolTypescript();
  if (options->has("markdown")) text = json::protocolMarkdown();
  if (options->has("codes")) text = json::codesMarkdown();
  if (words.size() != 1) return report({Code::usage, {}, "protocol takes one of --typescript, --markdown, --codes"});
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace souk::cli
