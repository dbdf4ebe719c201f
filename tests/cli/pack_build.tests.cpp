// SPDX-License-Identifier: MIT
// `souk pack build` as it is called: a sample of a real shop's lines with expectations counted by hand, and every way to be refused.
#include "pack_build.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "souk/catalog.hpp"

using namespace souk;
namespace fs = std::filesystem;

namespace {

const std::string kSample = SOUK_TESTS_FOLDER "/cli/data/online-retail-sample.csv";

// A folder that is gone when the test ends.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("souk-pack-build-" + std::to_string(std::random_device{}()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

std::string textOf(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

Outcome build(const std::vector<std::string>& words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  const int code = cli::packBuild(views, out, err);
  return {code, textOf(out), textOf(err)};
}

std::string write(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<std::uint8_t> bytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Pack packIn(const std::string& folder) {
  auto pack = openPack(bytesOf(folder + "/pack.souk"));
  REQUIRE(pack);
  return *std::move(pack);
}

}  // namespace

TEST_CASE("pack build: the sample of real lines gives what was counted by hand", "[cli][real]") {
  const Folder folder;
  const auto built = build({"--orders", kSample, "--out", folder / "made/here"});
  CHECK(built.err.empty());
  REQUIRE(built.code == 0);
  const auto pack = packIn(folder / "made/here");
  CHECK(built.out == "{\"bad\":{},\"bytes\":" + std::to_string(pack.size()) +
                         ",\"from\":\"2010-12-20 11:45:00\",\"items\":8,\"layout\":\"online-retail\",\"lines\":195,\"neighbours\":22,"
                         "\"orders\":129,\"pack\":\"" +
                         toHex(pack.digest()) +
                         "\",\"read\":344,\"skipped\":{\"cancellation\":22,\"free\":1,\"guest\":82,\"non-goods\":44},"
                         "\"until\":\"2011-01-14 15:29:00\"}\n");

  // The cake stand is in 63 of 129 orders, the green teacup in 17, both in 14; the roses teacup in 23, with the green one in 13.
  const auto indexOf = [&](std::string_view id) { return pack.find(id).value(); };
  CHECK(pack.popularity(indexOf("22423")) == 65'535);
  CHECK(pack.popularity(indexOf("22697")) == (65'535 * 17 + 62) / 63);
  const auto teacup = pack.row(indexOf("22697"));
  CHECK(teacup.find(indexOf("22699"))->weight == 255);
  CHECK(teacup.find(indexOf("22699"))->orders == 13);
  CHECK(teacup.find(indexOf("22423"))->orders == 14);
  CHECK(teacup.size() == 2);
  // 65,535 × 13 / sqrt(17 × 23) × 13 / 15 = 37,340; the cake stand's 24,533 is 167.5 255ths of it.
  CHECK(teacup.scale() >= 37'339);
  CHECK(teacup.scale() <= 37'341);
  CHECK(teacup.find(indexOf("22423"))->weight >= 167);
  CHECK(teacup.find(indexOf("22423"))->weight <= 168);
  // The red lunch bag goes with the two other lunch bags before all else.
  const auto lunchBag = pack.row(indexOf("20725"));
  CHECK(lunchBag.find(indexOf("22383"))->orders == 9);
  CHECK(lunchBag.find(indexOf("22384"))->orders == 7);
  CHECK(lunchBag.find(indexOf("22384"))->weight > 2 * lunchBag.find(indexOf("22423"))->weight);
}

TEST_CASE("pack build: the sample gives the same bytes on every host, and twice", "[cli][golden]") {
  const Folder folder;
  REQUIRE(build({"--orders", kSample, "--out", folder / "a"}).code == 0);
  REQUIRE(build({"--orders", kSample, "--out", folder / "a"}).code == 0);
  CHECK(toHex(packIn(folder / "a").digest()) == "2bc265528b46425fe3222475ea330cf070e916315e9310baccdafd6a00808590");
  CHECK(std::distance(fs::directory_iterator(folder / "a"), fs::directory_iterator()) == 1);
}

TEST_CASE("pack build: naming the columns of the sample changes nothing", "[cli]") {
  const Folder folder;
  REQUIRE(build({"--orders", kSample, "--out", folder / "a"}).code == 0);
  const std::string columns = "order=InvoiceNo,item=StockCode,quantity=Quantity,price=UnitPrice,customer=CustomerID,time=InvoiceDate";
  REQUIRE(build({"--orders", kSample, "--out", folder / "b", "--columns", columns, "--top", "20", "--min-support", "2"}).code == 0);
  CHECK(bytesOf(folder / "a/pack.souk") == bytesOf(folder / "b/pack.souk"));
}

TEST_CASE("pack build: neighbours and support by option", "[cli]") {
  const Folder folder;
  REQUIRE(build({"--orders", kSample, "--out", folder / "a", "--top", "1"}).code == 0);
  CHECK(packIn(folder / "a").neighbours() == 6);
  REQUIRE(build({"--orders", kSample, "--out", folder / "a", "--min-support", "14"}).code == 0);
  CHECK(packIn(folder / "a").neighbours() == 4);
  REQUIRE(build({"--orders", kSample, "--out", folder / "a", "--guests", "keep"}).code == 0);
  CHECK(packIn(folder / "a").orders() > 129);
}

TEST_CASE("pack build: bad lines are counted by reason and named by line, and the rest is built", "[cli][bad]") {
  const Folder folder;
  std::string text = "\xef\xbb\xbforder,item,quantity\r\n1,a,1\r\n1,b\r\n1,\xff,1\r\n\"1,a,1\r\n1,b,1\r\n";
  for (int i = 0; i < 25; ++i) text += "2,a,many\r\n";
  const auto built = build({"--orders", write(folder / "in.csv", text), "--out", folder / "out"});
  REQUIRE(built.code == 0);
  CHECK(built.out.find("\"bad\":{\"field-count\":{\"count\":1,\"lines\":[3]},\"item-id\":{\"count\":1,\"lines\":[4]},"
                       "\"quantity\":{\"count\":25,\"lines\":[7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26]},"
                       "\"unclosed-quote\":{\"count\":1,\"lines\":[5]}}") != std::string::npos);
  CHECK(built.out.find("\"from\":null") != std::string::npos);
  CHECK(built.out.find("\"lines\":2,") != std::string::npos);
  CHECK(built.out.find("\"read\":30,") != std::string::npos);
  CHECK(built.err.find("souk: field-count: 1 bad lines: 3\n") != std::string::npos);
  CHECK(built.err.find("24 25 26 …\n") != std::string::npos);
  CHECK(packIn(folder / "out").items() == 2);
}

TEST_CASE("pack build: refuses what cannot be read, written or built, and says why", "[cli][bad]") {
  const Folder folder;
  const auto refused = [&](const std::vector<std::string>& words, int code, std::string_view text) {
    const auto outcome = build(words);
    CHECK(outcome.code == code);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with(text));
  };
  refused({"--orders", folder / "none.csv", "--out", folder / "out"}, 1, "souk: cannot-read: ");
  refused({"--orders", folder / "", "--out", folder / "out"}, 1, "souk: cannot-read: ");
  refused({"--orders", write(folder / "empty.csv", ""), "--out", folder / "out"}, 2, "souk: usage: the file is empty");
  refused({"--orders", write(folder / "quote.csv", "order,\"item\n"), "--out", folder / "out"}, 2, "souk: usage: the first line");
  refused({"--orders", write(folder / "sku.csv", "order,sku\n1,a\n"), "--out", folder / "out"}, 2,
          "souk: usage: there is no column \"item\"; the columns are order, sku\n");
  refused({"--orders", write(folder / "header.csv", "order,item\n"), "--out", folder / "out"}, 1, "souk: nothing-left: ");
  CHECK_FALSE(fs::exists(folder / "out"));
  refused({"--orders", kSample, "--out", write(folder / "file", "")}, 1, "souk: cannot-write: ");
}

TEST_CASE("pack build: rejects calls that it does not understand with code usage", "[cli][bad]") {
  const std::vector<std::vector<std::string>> calls{{},
                                                    {"--orders", "a"},
                                                    {"--out", "b"},
                                                    {"--orders", "a", "--out", "b", "c"},
                                                    {"--orders", "a", "--out", "b", "--top", "0"},
                                                    {"--orders", "a", "--out", "b", "--top", "256"},
                                                    {"--orders", "a", "--out", "b", "--top", "5x"},
                                                    {"--orders", "a", "--out", "b", "--min-support", "0"},
                                                    {"--orders", "a", "--out", "b", "--goods", "fresh"},
                                                    {"--orders", "a", "--out", "b", "--guests", "maybe"},
                                                    {"--orders", "a", "--out", "b", "--columns", "item"},
                                                    {"--orders", "a", "--out", "b", "--colour", "red"},
                                                    {"--orders", "a", "--out"}};
  for (const auto& words : calls) {
    const auto outcome = build(words);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.starts_with("souk: usage: "));
  }
}

TEST_CASE("pack build: a failed build leaves the old pack as it was", "[cli][bad]") {
  const Folder folder;
  REQUIRE(build({"--orders", kSample, "--out", folder / "out"}).code == 0);
  const auto before = bytesOf(folder / "out/pack.souk");
  CHECK(build({"--orders", write(folder / "header.csv", "order,item\n"), "--out", folder / "out"}).code == 1);
  CHECK(bytesOf(folder / "out/pack.souk") == before);
}
