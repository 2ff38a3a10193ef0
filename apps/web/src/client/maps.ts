import { useQuery } from '@tanstack/react-query';
import addresses from 'virtual:maps';

/** A province's map as the build draws it: one path for each city, county and ward. */
export interface ProvinceMap {
  readonly areas: readonly { readonly code: string; readonly d: string }[];
}

const TRIES = 3;

/**
 * The areas of a province's map; none until they are read, undefined where there is no map or it cannot be read.
 *
 * @param province two digits
 */
export function useMap(province: string | undefined): ProvinceMap['areas'] | undefined {
  const address = province === undefined ? undefined : addresses[province];
  const read = useQuery({
    queryKey: ['map', address],
    queryFn: async ({ signal }) => {
      const answer = await fetch(address ?? '', { signal });
      if (!answer.ok) throw new Error(`${address} has status ${answer.status}`);
      return (await answer.json()) as ProvinceMap;
    },
    enabled: address !== undefined,
    retry: TRIES,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (address === undefined || read.isError) return undefined;
  return read.data?.areas ?? [];
}
