// SPDX-License-Identifier: MIT
/** Which motif and which colours a product gets: by the words of its title, and where these say nothing by a hash of its code. */
import type { Motif } from './motifs.js';

/** Words and their motif; the first row with a word of the title wins, so the more telling words come first. */
const kWords: readonly (readonly [words: string, motif: Motif])[] = [
  ['sign|plaque', 'sign'],
  ['coat rack|door hook', 'hook'],
  ['waterbottle|hot water', 'waterbottle'],
  ['cakestand|cake stand|tier', 'cakestand'],
  ['t-light|tlight|tealight|votive', 'tlight'],
  ['cake cases|cupcake|muffin|fairy cake', 'cupcake'],
  ['cake tin|cake tins|tins|canister|canisters', 'tins'],
  ['bunting|pennant|flag', 'bunting'],
  ['lunch box|lunchbox|snack box|snack boxes|bento', 'lunchbox'],
  ['lunch bag', 'lunchbag'],
  ['shopper|charlotte bag|recycling bag|tote|shopping', 'tote'],
  ['bag|bags|rucksack|backpack|satchel', 'bag'],
  ['purse|wallet|handbag|clutch', 'purse'],
  ['clock|alarm|watch', 'clock'],
  ['lantern|lanterns|birdcage|cage', 'lantern'],
  ['candle|candles|candlestick|candleholder|candlepot|wick', 'candle'],
  ['necklace|neckl|pendant|lariat|choker|necklac', 'necklace'],
  ['bracelet|bangle|bangles|anklet|brac', 'bracelet'],
  ['earring|earrings|studs', 'earrings'],
  ['ring|rings|hairslide|hairclip|brooch', 'ring'],
  ['umbrella|parasol|rain', 'umbrella'],
  ['teapot|kettle|tea cosy', 'teapot'],
  ['plate|plates|coaster|coasters|placemat|placemats|platter|tray', 'plate'],
  [
    'cutlery|spoon|spoons|fork|knife|baking|spatula|whisk|ladle|chopsticks|tongs|strainer|sieve|grater|squeezer|tea spoon|cake fork',
    'cutlery',
  ],
  ['mug|mugs|beaker', 'mug'],
  ['cup|cups|teacup|saucer|coffee|tea', 'cup'],
  ['jar|jars|jam|honey|pantry', 'jar'],
  ['bowl|bowls|dish|colander|basin|ramekin', 'bowl'],
  ['glass|glasses|goblet|tumbler|champagne|wine|sundae|carafe', 'glass'],
  ['bottle|bottles|milk|perfume|vase|decanter', 'bottle'],
  ['apron|oven|towel|tea towel|gloves|glove', 'apron'],
  ['tin|tub|bin|bucket|watering', 'tin'],
  ['christmas|xmas|noel|santa|reindeer', 'tree'],
  ['bauble|baubles|snowflake|icicle', 'bauble'],
  ['lights|light|lamp|lampshade|chandelier|bulb|torch|lightbulb', 'lights'],
  ['wreath|garland', 'wreath'],
  ['letter|letters|postcard|postage|writing|stationery|envelope|notelets|airmail', 'envelope'],
  ['card|cards|invites|playing', 'card'],
  [
    'notebook|book|diary|journal|passport|calculator|notepad|sketchbook|planner|memo|chalkboard|blackboard|slate',
    'notebook',
  ],
  ['pencil|pencils|pen|pens|crayons|crayon|eraser|erasers|sharpener|ruler', 'pencils'],
  ['gift|present|presents|surprise|tombola', 'gift'],
  ['wrap|paper|tissue|tissues|tape|napkin|napkins|doily|doilies', 'wrap'],
  ['sewing|thread|knitting|wool|needle|craft|crochet|stitch|buttons|button', 'spool'],
  ['ribbon|ribbons|reel|rosette|bow|magnet|magnets|sticker|stickers|badge|badges', 'ribbon'],
  ['jigsaw|puzzle|puzzles|game|ludo|dominoes|chess|snap|snakes|skittles|toy|yoyo', 'jigsaw'],
  ['spaceboy|space|rocket|robot|astronaut', 'rocket'],
  ['doll|dolly|babushka|matryoshka|russian|fairy|angel|princess|girl|ballerina|circus', 'doll'],
  ['doormat|mat|rug|carpet', 'doormat'],
  ['cushion|cushions|quilt|pillow|blanket|throw|beanbag|mattress', 'cushion'],
  ['knob|knobs|handle|doorknob', 'knob'],
  ['drawer|drawers|cabinet|chest|cupboard|shelf|shelves|storage|organiser|tidy', 'drawer'],
  ['hook|hooks|hanger|hangers|rack|peg|pegs|coat', 'hook'],
  ['key|keys|keyring|padlock|fob|charm|charms', 'key'],
  ['mirror|mirrors', 'mirror'],
  ['frame|frames|photo|photoframe|picture|print|art|canvas|poster|album|painting', 'frame'],
  ['sign|signs|plaque|wordart|word|font', 'sign'],
  ['incense|scent|scented|burner|oil|aroma|sachet|potpourri', 'incense'],
  ['chair|stool|table|bench|deckchair|furniture|desk|footstool', 'chair'],
  ['house|cottage|home|dollhouse|birdhouse|nesting|feeder|thermometer|doorstop|beach hut', 'house'],
  ['basket|baskets|hamper|trug|wicker|picnic', 'basket'],
  ['egg|eggs|easter', 'egg'],
  ['rabbit|bunny|hare', 'rabbit'],
  ['owl|owls', 'owl'],
  ['bird|birds|hen|chick|chicks|duck|duckling|robin|dove|swallow|chicken|cockerel|flamingo|peacock', 'bird'],
  ['butterfly|butterflies|dragonfly|ladybird|bee', 'butterfly'],
  [
    'dog|cat|cats|puppy|kitten|elephant|horse|bear|teddy|zoo|animal|animals|fox|frog|monkey|dinosaur|pig|piggy|reindeer',
    'paw',
  ],
  ['toadstool|mushroom|gnome|woodland', 'toadstool'],
  ['skull|skulls|halloween|witch|pirate', 'skull'],
  ['bell|bells|chime|doorbell', 'bell'],
  ['plant|planter|pot|pots|herb|garden|gardening|seed|seeds|grow|gardeners|windmill|flowerpot', 'pot'],
  ['cake|cakes|dessert|bread|biscuit|biscuits|cookie|chocolate|sweet|sweets|candy|pudding', 'cake'],
  ['party|cones|hat|hats|balloon|balloons|birthday|carnival', 'cap'],
  ['roses', 'rose'],
  ['flower|flowers|floral|daisy|blossom|lily|tulip|sunflower|poppy|lavender|botanical|poppies|magnolia', 'flower'],
  ['star|stars', 'star'],
  ['heart|hearts|sweetheart|love|valentine', 'heart'],
  ['rose', 'rose'],
  ['box|boxes|case|cases|trinket|container|crate|trunk|suitcase', 'box'],
];

const kRules = kWords.map(([words, motif]) => ({ motif, pattern: new RegExp(`(?:^|[^a-z])(?:${words})(?:$|[^a-z])`) }));

/** What stands for a product whose title names no thing that is drawn. */
const kFallbacks: readonly Motif[] = ['parcel', 'gift', 'box', 'ribbon', 'star', 'flower'];

/** Colours by role; `ground` and `halo` lie behind the motif. Chosen by eye to go together, dark enough to stand on their ground. */
export interface Palette {
  readonly ground: string;
  readonly halo: string;
  readonly a: string;
  readonly s: string;
  readonly b: string;
  readonly d: string;
  readonly l: string;
}

type Paint = Pick<Palette, 'a' | 's'>;

const kPaints: Readonly<Record<string, Paint>> = {
  red: { a: '#d4574e', s: '#b5433f' },
  pink: { a: '#e48ba2', s: '#cc6c88' },
  blue: { a: '#5b8fb9', s: '#44749d' },
  green: { a: '#6d9f71', s: '#54855b' },
  purple: { a: '#8f78b3', s: '#745d99' },
  yellow: { a: '#e8b84c', s: '#cf9c33' },
  orange: { a: '#e08a4f', s: '#c67138' },
  brown: { a: '#9a6e50', s: '#7e5740' },
  black: { a: '#4a4d57', s: '#363942' },
  silver: { a: '#a3acb5', s: '#87919b' },
  gold: { a: '#d0a44c', s: '#b38a37' },
  ivory: { a: '#f2e7d0', s: '#ddcdae' },
  teal: { a: '#4f9c98', s: '#3b827f' },
};

const kColourWords: readonly (readonly [pattern: RegExp, paint: string])[] = [
  [/\b(red|retrospot|strawberry|cherry|poppy|ruby)\b/, 'red'],
  [/\b(pink|rose|fuchsia|raspberry|blossom|magenta)\b/, 'pink'],
  [/\b(blue|turquoise|navy|sky|denim|sapphire)\b/, 'blue'],
  [/\b(green|emerald|lime|mint|leaf|olive|christmas)\b/, 'green'],
  [/\b(purple|lavender|amethyst|lilac|violet|plum)\b/, 'purple'],
  [/\b(yellow|lemon|honey|daisy|sunflower)\b/, 'yellow'],
  [/\b(orange|amber|apricot|pumpkin|copper|peach)\b/, 'orange'],
  [/\b(brown|chocolate|wood|wooden|wicker|coffee|vintage)\b/, 'brown'],
  [/\b(black|skull|noir|baroque|slate)\b/, 'black'],
  [/\b(silver|zinc|metal|grey|gray|crystal|diamante|tin)\b/, 'silver'],
  [/\b(gold|golden|brass)\b/, 'gold'],
  [/\b(ivory|cream|white|pearl|natural)\b/, 'ivory'],
  [/\b(teal|aqua|jade|sea)\b/, 'teal'],
];

const kGrounds: readonly (readonly [ground: string, halo: string])[] = [
  ['#f6e9e2', '#fbf4ef'],
  ['#e6eef0', '#f2f7f8'],
  ['#ece9f3', '#f6f4fa'],
  ['#e8efe3', '#f4f8f0'],
  ['#f7efd9', '#fcf8ec'],
  ['#f5e4e7', '#fbf1f3'],
  ['#e3ebe8', '#f1f6f4'],
  ['#efe8de', '#f8f4ed'],
];

/** FNV-1a, 32 bits: the same number for the same text on every machine. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], number: number): T {
  return list[number % list.length] as T;
}

/** The motif for a title. */
export function motifOf(code: string, title: string): Motif {
  const text = title.toLowerCase();
  return kRules.find(({ pattern }) => pattern.test(text))?.motif ?? pick(kFallbacks, hashText(code));
}

/** The colours for a product: the first colour that its title names, the rest by its code. */
export function paletteOf(code: string, title: string): Palette {
  const hash = hashText(code);
  const text = title.toLowerCase();
  const names = Object.keys(kPaints);
  const named = kColourWords.filter(([pattern]) => pattern.test(text)).map(([, paint]) => paint);
  const main =
    named[0] ??
    pick(
      names.filter((name) => name !== 'ivory' && name !== 'black'),
      hash >>> 3,
    );
  const others = names.filter((name) => name !== main && !['black', 'brown', 'silver'].includes(name));
  const second = named[1] ?? pick(others, hash >>> 9);
  const [ground, halo] = pick(kGrounds, hash >>> 17);
  const paint = kPaints[main] as Paint;
  return { ground, halo, ...paint, b: (kPaints[second] as Paint).a, d: '#4b4a52', l: '#fffaf2' };
}
