// SPDX-License-Identifier: MIT
/** What the motifs of the product pictures are made of: flat shapes on a 120 × 120 field, coloured by role. */

/** `a` main colour, `s` its shade, `b` second colour, `d` dark, `l` light. */
export type Role = 'a' | 's' | 'b' | 'd' | 'l';

/** c: circle cx cy r · e: ellipse cx cy rx ry · r: rectangle x y width height radius · p: filled path · l: stroked path of a width. */
export type Shape =
  | readonly ['c', Role, number, number, number]
  | readonly ['e', Role, number, number, number, number]
  | readonly ['r', Role, number, number, number, number, number]
  | readonly ['p', Role, string]
  | readonly ['l', Role, number, string];

/** A circle at an angle about the middle of a flower. */
export const petal = (angle: number, role: Role, reach = 15, size = 10): Shape => {
  const turn = (angle * Math.PI) / 180;
  return ['c', role, round(60 + reach * Math.cos(turn)), round(52 + reach * Math.sin(turn)), size];
};

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Beads on an arc about (60, cy), in two colours by turns; angles in degrees. */
export const beads = (count: number, radius: number, from: number, to: number, cy: number, size: number): Shape[] =>
  Array.from({ length: count }, (_, i) => {
    const turn = ((from + ((to - from) * i) / (count - 1)) * Math.PI) / 180;
    const role: Role = i % 2 === 0 ? 'a' : 'b';
    return ['c', role, round(60 + radius * Math.cos(turn)), round(cy + radius * Math.sin(turn)), size];
  });
