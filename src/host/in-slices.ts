/**
 * Maps with at most `width` calls under way, in the order of `items`. Small widths keep the event
 * loop responsive: only what `width` reads bring back can be worked off in one turn.
 */
export async function mapInSlices<Item, Mapped>(
  items: readonly Item[],
  width: number,
  map: (item: Item) => Promise<Mapped>,
): Promise<Mapped[]> {
  /** BOUNDED by items. */
  const mapped: Mapped[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      // `items` may be sparse for the compiler only.
      if (item !== undefined) mapped[index] = await map(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return mapped;
}
