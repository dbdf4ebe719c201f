// SPDX-License-Identifier: MIT
#include "souk/json/schema.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support.hpp"

namespace souk::json {
namespace {

TEST_CASE("schema: TypeScript of every type that a field may have", "[json][schema]") {
  TypeRegistry registry;
  CHECK(describe<Sample>(registry) == "Sample");
  describeAs<Drawn>(registry, "Drawn");
  CHECK(typescript(registry) == R"(export type Digest = string;

export type Instant = number;

export type Size = 'small' | 'large';

export interface Part {
  /** Its name. Range: 1 to 8 bytes. */
  readonly name: string;
  /** How many. Range: 1 to 100. */
  readonly count: number;
}

/** A round shape. */
export interface Circle {
  readonly kind: 'circle';
  /** Radius in millimetres. Range: at least 0. */
  readonly radius: number;
}

export interface Label {
  readonly kind: 'label';
  /** What it says. */
  readonly text: string;
  /** Where it stands. */
  readonly at: string;
}

export interface Point {
  readonly kind: 'point';
}

export interface Sample {
  /** Any text. */
  readonly text: string;
  /** Yes or no. */
  readonly flag: boolean;
  /** Any number. */
  readonly number: number;
  /** A small number. Range: 0 to 4294967295. */
  readonly small: number;
  /** A digest. */
  readonly digest: Digest;
  /** An instant. */
  readonly at: Instant;
  /** A size. */
  readonly size: Size;
  /** A number, or none. Range: -5 to 5. */
  readonly maybe?: number;
  /** Parts. Range: 0 to 3 items. */
  readonly parts: readonly Part[];
  /** Names | texts. */
  readonly names: readonly string[];
  /** A part, or none. */
  readonly extra?: Part;
  /** Shapes. */
  readonly shapes: readonly (Circle | Label | Point)[];
}

export type Drawn = Circle | Label | Point;
)");
}

TEST_CASE("schema: Markdown tables, with the separator escaped", "[json][schema]") {
  TypeRegistry registry;
  describe<Circle>(registry);
  describe<Point>(registry);
  describe<Sample>(registry);
  const auto text = markdown(registry);
  CHECK(
      text.starts_with("### Circle\n\nA round shape.\n\n`kind` is `circle`.\n\n| field | type | meaning |\n| --- | --- | --- |\n"
                       "| `radius` | `number` | Radius in millimetres. Range: at least 0. |\n\n"
                       "### Point\n\n`kind` is `point`.\n\nNo further fields.\n"));
  CHECK(text.find("| `maybe`? | `number` | A number, or none. Range: -5 to 5. |\n") != std::string::npos);
  CHECK(text.find("| `names` | `readonly string[]` | Names \\| texts. |\n") != std::string::npos);
  CHECK(text.find("| `shapes` | `readonly (Circle \\| Label \\| Point)[]` | Shapes. |\n") != std::string::npos);
}

TEST_CASE("schema: a type is described once", "[json][schema]") {
  TypeRegistry registry;
  describe<Part>(registry);
  describe<std::vector<Part>>(registry);
  describe<std::optional<Part>>(registry);
  CHECK(registry.types().size() == 1);
  CHECK(registry.has("Part"));
}

}  // namespace
}  // namespace souk::json
