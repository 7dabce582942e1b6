// Random positions of a frame, drawn without replacement, with everything that is needed to draw them again. May not: ask the machine for chance.
import { mersenne } from 'pure-rand/generator/mersenne'

export const GENERATOR = 'Mersenne Twister MT19937 (32 bits, started as init_genrand), pure-rand 8.4.2'

const TWO_32 = 2 ** 32

export interface Draw {
  /** 1-based, in the order in which they were drawn; spares last. */
  readonly order: number
  /** The 32-bit number of the generator that led here. */
  readonly random: number
  /** 1-based position in the stratum. */
  readonly position: number
}

export interface Drawing {
  readonly draws: readonly Draw[]
  /** Numbers passed over because they would have favoured the first positions. */
  readonly rejected: number
  /** Numbers that led to a position already drawn. */
  readonly repeated: number
}

/** Draws one group after another from one run of the generator. `seed` is a whole number from 0 to 4294967295. */
export function drawer(seed: number): (size: number, count: number) => Drawing {
  const generator = mersenne(seed | 0)
  return (size, count) => {
    const draws: Draw[] = []
    const taken = new Set<number>()
    const bound = TWO_32 - (TWO_32 % size)
    let [rejected, repeated] = [0, 0]
    while (draws.length < count) {
      const random = generator.next() >>> 0
      if (random >= bound) {
        rejected++
        continue
      }
      const position = (random % size) + 1
      if (taken.has(position)) {
        repeated++
        continue
      }
      taken.add(position)
      draws.push({ order: draws.length + 1, random, position })
    }
    return { draws, rejected, repeated }
  }
}
