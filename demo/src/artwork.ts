// SPDX-License-Identifier: MIT
/**
 * A picture for every product without a photograph: the same one for the same code and title, everywhere and for ever. Built with
 * `createElementNS` and presentation attributes only, so that the strictest content security policy has nothing to refuse.
 */
import { hashText, motifOf, paletteOf, type Palette } from './art/choose.js';
import { kMotifs, type Motif } from './art/motifs.js';
import type { Shape } from './art/shapes.js';

/** One SVG element: its tag and attributes. */
export interface Element2d {
  readonly tag: 'rect' | 'circle' | 'ellipse' | 'path';
  readonly attributes: Readonly<Record<string, string>>;
}

/** A picture on a 120 × 120 field, back to front. */
export interface Artwork {
  readonly motif: Motif;
  readonly elements: readonly Element2d[];
}

const kSize = 120;

function element(tag: Element2d['tag'], attributes: Record<string, string | number>): Element2d {
  return {
    tag,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
  };
}

function drawn(shape: Shape, palette: Palette): Element2d {
  const fill = palette[shape[1]];
  switch (shape[0]) {
    case 'c':
      return element('circle', { cx: shape[2], cy: shape[3], r: shape[4], fill });
    case 'e':
      return element('ellipse', { cx: shape[2], cy: shape[3], rx: shape[4], ry: shape[5], fill });
    case 'r':
      return element('rect', { x: shape[2], y: shape[3], width: shape[4], height: shape[5], rx: shape[6], fill });
    case 'p':
      return element('path', { d: shape[2], fill });
    case 'l':
      return element('path', {
        d: shape[3],
        fill: 'none',
        stroke: fill,
        'stroke-width': shape[2],
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
      });
  }
}

function dots(palette: Palette): Element2d[] {
  const places = Array.from({ length: 25 }, (_, i) => ({ x: 12 + (i % 5) * 24, y: 12 + Math.floor(i / 5) * 24 }));
  return places.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 5, fill: palette.halo }));
}

function stripes(palette: Palette): Element2d[] {
  return [0, 1, 2, 3, 4].map((i) =>
    element('rect', { x: i * 24 + 6, y: 0, width: 12, height: kSize, fill: palette.halo }),
  );
}

const kBackdrops: readonly ((palette: Palette) => Element2d[])[] = [
  (palette) => [element('circle', { cx: 60, cy: 60, r: 48, fill: palette.halo })],
  (palette) => [element('path', { d: 'M16 120V62a44 44 0 0 1 88 0v58Z', fill: palette.halo })],
  (palette) => [element('path', { d: 'M0 86c30-16 80 8 120-8v42H0Z', fill: palette.halo })],
  (palette) => [element('rect', { x: 14, y: 14, width: 92, height: 92, rx: 24, fill: palette.halo })],
];

function backdrop(code: string, title: string, palette: Palette): Element2d[] {
  if (/spot|polka|dot/i.test(title)) return dots(palette);
  if (/stripe|union|deckchair/i.test(title)) return stripes(palette);
  return kBackdrops[(hashText(code) >>> 24) % kBackdrops.length]?.(palette) ?? [];
}

/**
 * The picture of a product.
 *
 * @param code   Stock code; decides colours and backdrop where the title does not.
 * @param title  Its words choose the motif and the main colour.
 */
export function artworkOf(code: string, title: string): Artwork {
  const palette = paletteOf(code, title);
  const motif = motifOf(code, title);
  const shapes: readonly Shape[] = kMotifs[motif];
  return {
    motif,
    elements: [
      element('rect', { width: kSize, height: kSize, fill: palette.ground }),
      ...backdrop(code, title, palette),
      ...shapes.map((shape) => drawn(shape, palette)),
    ],
  };
}

const kSvg = 'http://www.w3.org/2000/svg';

/** The picture as an SVG element. It is decorative: the card says the title in words. */
export function drawArtwork(document: Document, { elements }: Artwork): SVGSVGElement {
  const svg = document.createElementNS(kSvg, 'svg');
  svg.setAttribute('viewBox', `0 0 ${kSize} ${kSize}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const { tag, attributes } of elements) {
    const child = document.createElementNS(kSvg, tag);
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, value);
    svg.append(child);
  }
  return svg;
}
