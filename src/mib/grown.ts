/** The same numbers, with room for as many as asked for at least; the room doubles. */
export function grown<Numbers extends Uint8Array | Int32Array | Uint32Array>(
  numbers: Numbers,
  atLeast: number,
): Numbers {
  let { length } = numbers;
  while (length < atLeast) length *= 2;
  const larger = new (numbers.constructor as new (length: number) => Numbers)(length);
  larger.set(numbers);
  return larger;
}
