import { useQuery } from '@tanstack/react-query';

/**
 * A part of the code that is fetched where it is needed; undefined until it is there. A fetch that failed is tried again,
 * as reads of the API are, and everybody who asks has the same one.
 *
 * @param name of the part, the same for the same `load`
 * @param load `() => import(…)`, and what is made of it once
 */
export function useModule<Part>(name: string, load: () => Promise<Part>): Part | undefined {
  return useQuery({
    queryKey: ['module', name],
    queryFn: load,
    retry: true,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  }).data;
}
