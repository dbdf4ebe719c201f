// SPDX-License-Identifier: MIT
// `souk pack build`. The summary is made of numbers, digests and fixed names only, so it needs no JSON library.
#include "pack_build.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "csv.hpp"
#include "files.hpp"
#include "order_lines.hpp"
#include "souk/catalog.hpp"
#include "souk/catalog/pack_builder.hpp"
#include "souk/core/fields.hpp"

namespace souk::cli {
namespace {

constexpr std::string_view kHelp =
    "souk pack build --orders FILE.csv --out FOLDER\n"
    "\n"
    "Builds FOLDER/pack.souk from order lines and prints a summary (JSON).\n"
    "\n"
    "  --columns order=NAME,item=NAME,quantity=NAME,price=NAME,customer=NAME,time=NAME\n"
    "                        names of columns; only order and item must be there\n"
    "  --cancel-prefix TEXT  with which the ids of cancelled orders start\n"
    "  --goods all|digitsN   whether the ids of goods start with N digits\n"
    "  --guests keep|skip    what happens to lines without a customer\n"
    "  --top N               neighbours kept for each item, 1 to 255; 20\n"
    "  --min-support N       orders that neighbours must share; 2\n"
    "\n"
    "A header with InvoiceNo and StockCode is taken for that of the Online Retail data set (also Quantity, UnitPrice, CustomerID,\n"
    "InvoiceDate; C, digits5, skip); otherwise the columns are order, item, quantity, price, customer and time, all ids are goods,\n"
    "and guests are kept. Lines that say nothing about what is bought together are counted by reason, broken ones named by line.\n";

constexpr std::size_t kNamedLines = 20;
constexpr std::uint64_t kProgressLines = 100'000;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

struct Settings {
  std::string orders;
  std::string folder;
  OrderOptions rules;
  PackOptions pack;
};

struct BadLines {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> first;
};

// What one pass over the file found.
struct Tally {
  std::uint64_t read = 0;
  std::map<std::string_view, std::uint64_t> skipped;
  std::map<std::string_view, BadLines> bad;
  std::string from;
  std::string until;
};

std::unexpected<Error> usage(std::string_view message) { return fail(Code::usage, {}, message); }

Result<std::optional<bool>> readGuests(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  if (*text != "keep" && *text != "skip") return usage("--guests takes keep or skip");
  return *text == "keep";
}

// What the words say about the file's rows.
Result<OrderOptions> readRowOptions(const Options& options) {
  OrderOptions rules;
  const auto columns = parseOrderColumns(options.find("columns").value_or(""));
  if (!columns) return std::unexpected(columns.error());
  rules.columns = *columns;
  if (const auto prefix = options.find("cancel-prefix")) rules.cancelPrefix = *prefix;
  if (const auto goods = options.find("goods")) {
    const auto digits = parseGoods(*goods);
    if (!digits) return std::unexpected(digits.error());
    rules.goodsDigits = *digits;
  }
  const auto guests = readGuests(options.find("guests"));
  if (!guests) return std::unexpected(guests.error());
  rules.guests = *guests;
  return rules;
}

Result<Settings> readSettings(Words words) {
  const auto options = Options::read(words, {"orders", "out", "columns", "cancel-prefix", "goods", "guests", "top", "min-support"});
  if (!options) return std::unexpected(options.error());
  if (!options->rest().empty()) return usage("pack build takes options only, not " + std::string(options->rest().front()));
  const auto orders = options->need("orders");
  if (!orders) return std::unexpected(orders.error());
  const auto folder = options->need("out");
  if (!folder) return std::unexpected(folder.error());
  const PackOptions defaults;
  const auto top = options->number("top", defaults.neighbours, 1, kMaxRowSize);
  if (!top) return std::unexpected(top.error());
  const auto support = options->number("min-support", defaults.minSupport, 1, kMaxExact);
  if (!support) return std::unexpected(support.error());
  auto rules = readRowOptions(*options);
  if (!rules) return std::unexpected(rules.error());
  return Settings{std::string(*orders), std::string(*folder), std::move(*rules), {*top, *support}};
}

// Emscripten calls each of the three standard files a terminal, a pipe too: better no progress there than progress in a log.
bool isTerminal(std::FILE* file) {
  struct stat about{};
  return isatty(fileno(file)) == 1 && fstat(fileno(file), &about) == 0 && S_ISCHR(about.st_mode);
}

// Line counts on a terminal, over and over on one line of it.
class Progress {
 public:
  explicit Progress(std::FILE* err) : err_(isTerminal(err) ? err : nullptr) {}
  void at(std::uint64_t lines) {
    if (err_ == nullptr || lines % kProgressLines != 0) return;
    std::fprintf(err_, "\r%llu lines", static_cast<unsigned long long>(lines));
    shown_ = true;
  }
  void done() {
    if (shown_) std::fputs("\r                              \r", err_);
    shown_ = false;
  }

 private:
  std::FILE* err_;
  bool shown_ = false;
};

void countBad(Tally& tally, std::string_view reason, std::uint64_t line) {
  auto& bad = tally.bad[reason];
  if (++bad.count <= kNamedLines) bad.first.push_back(line);
}

Result<void> takeRow(const CsvReader& csv, const OrderRules& rules, PackBuilder& builder, Tally& tally) {
  const auto [line, reason, bad] = rules.judge(csv.fields());
  if (bad) {
    countBad(tally, reason, csv.line());
  } else if (!line) {
    ++tally.skipped[reason];
  } else {
    if (auto added = builder.add(line->order, line->item); !added) return added;
    if (!line->time.empty() && (tally.from.empty() || line->time < tally.from)) tally.from = line->time;
    if (line->time > tally.until) tally.until = line->time;
  }
  return {};
}

Result<OrderRules> readHeader(CsvReader& csv, const OrderOptions& options) {
  switch (csv.next()) {
    case CsvReader::Outcome::end: return usage("the file is empty; its first line must name the columns");
    case CsvReader::Outcome::bad:
      return usage("the first line must name the columns, and is broken: " + std::string(faultName(csv.fault())));
    case CsvReader::Outcome::record: break;
  }
  return OrderRules::from(csv.fields(), options);
}

Result<Tally> readOrders(CsvReader& csv, const OrderRules& rules, PackBuilder& builder, Progress progress) {
  Tally tally;
  for (auto outcome = csv.next(); outcome != CsvReader::Outcome::end; outcome = csv.next()) {
    progress.at(++tally.read);
    if (outcome == CsvReader::Outcome::bad) {
      countBad(tally, faultName(csv.fault()), csv.line());
    } else if (auto taken = takeRow(csv, rules, builder, tally); !taken) {
      return std::unexpected(std::move(taken).error());
    }
  }
  progress.done();
  return tally;
}

Result<void> writePack(const std::string& folder, std::span<const std::uint8_t> bytes) {
  std::error_code ignored;  // If the folder cannot be made, the file in it cannot be written, and that error tells why.
  std::filesystem::create_directories(folder, ignored);
  return writeFile((std::filesystem::path(folder) / kPackFile).string(), bytes);
}

template <class Map, class Write>
std::string jsonObject(const Map& map, Write write) {
  std::string json = "{";
  for (const auto& [name, value] : map) json.append(json.size() > 1 ? ",\"" : "\"").append(name).append("\":").append(write(value));
  return json + "}";
}

std::string jsonOf(const BadLines& bad) {
  std::string lines;
  for (const auto line : bad.first) lines.append(lines.empty() ? "" : ",").append(std::to_string(line));
  return "{\"count\":" + std::to_string(bad.count) + ",\"lines\":[" + lines + "]}";
}

// Times are shown as they were written; isIsoTime has seen to it that they need no escape.
std::string jsonOfTime(const std::string& time) { return time.empty() ? "null" : "\"" + time + "\""; }

std::string summaryOf(const Tally& tally, const OrderRules& rules, std::size_t lines, const Pack& pack) {
  const auto number = [](auto value) { return std::to_string(value); };
  const std::map<std::string_view, std::string> members{{"layout", "\"" + std::string(rules.layout()) + "\""},
                                                        {"read", number(tally.read)},
                                                        {"lines", number(lines)},
                                                        {"skipped", jsonObject(tally.skipped, number)},
                                                        {"bad", jsonObject(tally.bad, [](const BadLines& bad) { return jsonOf(bad); })},
                                                        {"from", jsonOfTime(tally.from)},
                                                        {"until", jsonOfTime(tally.until)},
                                                        {"orders", number(pack.orders())},
                                                        {"items", number(pack.items())},
                                                        {"neighbours", number(pack.neighbours())},
                                                        {"bytes", number(pack.size())},
                                                        {"pack", "\"" + toHex(pack.digest()) + "\""}};
  return jsonObject(members, [](const std::string& json) { return json; });
}

void nameBadLines(const Tally& tally, std::FILE* err) {
  for (const auto& [reason, bad] : tally.bad) {
    std::fprintf(err, "souk: %s: %llu bad lines:", std::string(reason).c_str(), static_cast<unsigned long long>(bad.count));
    for (const auto line : bad.first) std::fprintf(err, " %llu", static_cast<unsigned long long>(line));
    std::fputs(bad.count > bad.first.size() ? " …\n" : "\n", err);
  }
}

Result<std::string> run(const Settings& settings, std::FILE* err) {
  const File file(std::fopen(settings.orders.c_str(), "rb"));
  if (!file) return fail(Code::cannotRead, {}, settings.orders + " cannot be read");
  CsvReader csv([&](std::span<char> to) { return std::fread(to.data(), 1, to.size(), file.get()); });
  const auto rules = readHeader(csv, settings.rules);
  if (std::ferror(file.get()) != 0) return fail(Code::cannotRead, {}, settings.orders + " cannot be read");
  if (!rules) return std::unexpected(rules.error());
  PackBuilder builder;
  const auto tally = readOrders(csv, *rules, builder, Progress(err));
  if (!tally) return std::unexpected(tally.error());
  if (std::ferror(file.get()) != 0) return fail(Code::cannotRead, {}, settings.orders + " cannot be read to its end");
  nameBadLines(*tally, err);

  const auto bytes = builder.build(settings.pack);
  if (!bytes) return std::unexpected(bytes.error());
  const auto pack = openPack(*bytes);
  if (!pack) return std::unexpected(pack.error());
  if (auto written = writePack(settings.folder, *bytes); !written) return std::unexpected(std::move(written).error());
  return summaryOf(*tally, *rules, builder.lines(), *pack);
}

}  // namespace

int packBuild(Words words, std::FILE* out, std::FILE* err) {
  const auto settings = readSettings(words);
  const auto summary = settings ? run(*settings, err) : std::unexpected(settings.error());
  if (summary) {
    std::fprintf(out, "%s\n", summary->c_str());
    return 0;
  }
  const auto& error = summary.error();
  std::fprintf(err, "souk: %s: %s\n", std::string(codeName(error.code)).c_str(), error.message.c_str());
  return error.code == Code::usage ? 2 : 1;
}

int pack(Words words) {
  if (!words.empty() && words.front() == "build") return packBuild(words.subspan(1), stdout, stderr);
  const bool asked = words.size() == 1 && words.front() == "help";
  std::fputs(std::string(kHelp).c_str(), asked ? stdout : stderr);
  return asked ? 0 : 2;
}

}  // namespace souk::cli
